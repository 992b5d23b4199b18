import { nearest } from "../model/nearest.ts";
import { truncated } from "../model/truncated.ts";
import type { SuppressionEntry } from "./suppression.ts";

/** The content of a suppression, whether it is a string or an object. */
export type Directive = Pick<SuppressionEntry, "rules" | "reason" | "until" | "sid" | "invalidReason">;

/**
 * Parses `RULE… [until YYYY-MM-DD] [sid SID] -- REASON`. The Sid comes last because it may contain spaces. Rules may be
 * separated by commas.
 */
export function parseDirective(text: string): Directive {
  const [, head = "", reason = ""] = /^(.*?)(?:(?:^|\s)--(?:\s+(.*))?)?$/s.exec(onOneLine(text)) ?? [];
  const [, before = "", sid = ""] = /^(.*?)(?:\bsid[ =]+(.+))?$/.exec(head) ?? [];
  // A Sid may contain the word "until".
  const until = /\buntil[ =]+(\S+)/.exec(before) ?? /\s+until[ =]+(\d\S*)$/.exec(sid);
  const names = before.replace(until?.[0] ?? "", "").split(/[\s,]+/);
  return cleaned({
    // If the reason is missing, the words after the first may be prose instead of rules.
    rules: reason === "" ? names.slice(0, 1) : names,
    reason,
    until: until?.[1],
    sid: sid.replace(until?.[0] ?? "", ""),
  });
}

const directiveFields = ["rule", "reason", "until", "sid"];

/** Reads `{rule, reason, until, sid}`; `rule` is one rule or a list. `furtherFields` are allowed and ignored. */
export function directiveFromObject(value: object, furtherFields: string[] = []): Directive {
  const allowed = [...directiveFields, ...furtherFields];
  const unknown = Object.keys(value).find((name) => !allowed.includes(name));
  const fields = value as { [name: string]: unknown };
  const read = cleaned({
    rules: [fields.rule ?? []].flat().map(String),
    reason: scalarText(fields.reason),
    until: scalarText(fields.until),
    sid: scalarText(fields.sid),
  });
  // An unknown field may be intended to restrict the suppression, so the suppression must not take effect.
  if (unknown !== undefined)
    return {
      ...read,
      invalidReason: `unknown field "${truncated(unknown)}" (did you mean ${nearest(unknown, allowed)}?)`,
    };
  const wrongType = ["reason", "until", "sid"].find((name) => typeof (fields[name] ?? "") === "object");
  return wrongType === undefined ? read : { ...read, invalidReason: `its ${wrongType} is not a string` };
}

const scalarText = (value: unknown): string | undefined =>
  value === undefined || value === null || typeof value === "object" ? undefined : String(value);

/** Returns the directive without empty fields. */
function cleaned(raw: {
  rules: string[];
  reason: string | undefined;
  until: string | undefined;
  sid: string | undefined;
}): Directive {
  const { reason, until, sid } = raw;
  const fields = {
    reason: onOneLine(reason ?? ""),
    until: onOneLine(until ?? ""),
    sid: onOneLine(sid ?? ""),
  };
  return {
    rules: raw.rules.map(onOneLine).filter((rule) => rule !== ""),
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "")),
  };
}

/** Returns the text on one line and without terminal control characters. */
const onOneLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, " ").trim();
