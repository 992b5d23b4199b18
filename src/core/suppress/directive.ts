import { nearest } from "../model/nearest.ts";
import { shown, type Written } from "./suppression.ts";

/** What a suppression says, in whatever form. */
export type Directive = Pick<Written, "rules" | "reason" | "until" | "sid" | "wrong">;

/**
 * `RULE… [until YYYY-MM-DD] [sid SID] -- REASON`. The Sid comes last: it may hold spaces. Commas may stand between rules.
 */
export function directiveIn(text: string): Directive {
  const [, head = "", reason = ""] = /^(.*?)(?:(?:^|\s)--(?:\s+(.*))?)?$/s.exec(plain(text)) ?? [];
  const [, before = "", sid = ""] = /^(.*?)(?:\bsid[ =]+(.+))?$/.exec(head) ?? [];
  // A Sid may hold the word too.
  const until = /\buntil[ =]+(\S+)/.exec(before) ?? /\s+until[ =]+(\d\S*)$/.exec(sid);
  const words = before.replace(until?.[0] ?? "", "").split(/[\s,]+/);
  return directive({
    // Without a reason nobody knows which words are rules.
    rules: reason === "" ? words.slice(0, 1) : words,
    reason,
    until: until?.[1],
    sid: sid.replace(until?.[0] ?? "", ""),
  });
}

const parts = ["rule", "reason", "until", "sid"];

/** `{rule, reason, until, sid}`: a rule, or a list of them. `more`: further names that are allowed. */
export function directiveOf(value: object, more: string[] = []): Directive {
  const allowed = [...parts, ...more];
  const unknown = Object.keys(value).find((name) => !allowed.includes(name));
  const given = value as { [name: string]: unknown };
  const read = directive({
    rules: [given.rule ?? []].flat().map(String),
    reason: text(given.reason),
    until: text(given.until),
    sid: text(given.sid),
  });
  // What is not understood may be meant to narrow it.
  if (unknown !== undefined)
    return { ...read, wrong: `it has no ${shown(unknown)}, did you mean ${nearest(unknown, allowed)}` };
  const odd = ["reason", "until", "sid"].find((name) => typeof (given[name] ?? "") === "object");
  return odd === undefined ? read : { ...read, wrong: `its ${odd} is no text` };
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === null || typeof value === "object" ? undefined : String(value);

function directive(given: {
  rules: string[];
  reason: string | undefined;
  until: string | undefined;
  sid: string | undefined;
}): Directive {
  const { reason, until, sid } = given;
  const kept = { reason: plain(reason ?? ""), until: plain(until ?? ""), sid: plain(sid ?? "") };
  return {
    rules: given.rules.map(plain).filter((rule) => rule !== ""),
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== "")),
  };
}

/** On one line and without what a terminal would obey. */
const plain = (words: string): string => words.replace(/[\p{C}\s]+/gu, " ").trim();
