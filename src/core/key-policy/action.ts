import type { Action } from "../model/document.ts";
import facts from "../model/facts.json" with { type: "json" };
import { distance, nearest as nearestOf } from "../model/nearest.ts";
import { locationOf, type Node } from "../model/node.ts";
import { type Coded, coded, decode, hasHole, isHole, matches } from "./pattern.ts";

const all: readonly string[] = facts.actions;
const names = all.map((action) => `kms:${action.toLowerCase()}`);

export interface Coverage {
  covers: string[];
  mayCover: string[];
}

/** The actions of one Action or NotAction element, and what they cover together. */
export function actionsOf(
  nodes: Node[],
  notAction: boolean,
  address: string,
): { actions: Action[] } & Coverage {
  const sure = new Set<string>();
  const maybe = new Set<string>();
  const actions = nodes.map((node): Action => {
    const text = coded(node) as Coded;
    const found = matching(text);
    for (const action of found.covers) sure.add(action);
    for (const action of found.mayCover) maybe.add(action);
    const known = found.covers.length + found.mayCover.length > 0 || text.code.trim() === "*";
    const written = decode(text);
    return {
      text: written,
      known,
      literal: !/[*?]/.test(text.code) && !hasHole(text.code),
      ...(node.type === "unknown" ? { unknown: true as const } : {}),
      ...(known || ofOther(written) ? {} : { nearest: `kms:${nearest(written)}` }),
      location: locationOf(node.at, address),
    };
  });
  for (const action of sure) maybe.delete(action);
  const covers = notAction
    ? all.filter((a) => !sure.has(a) && !maybe.has(a))
    : all.filter((a) => sure.has(a));
  return { actions, covers, mayCover: all.filter((a) => maybe.has(a)) };
}

const memo = new Map<string, Coverage>();

function matching(text: Coded): Coverage {
  const pattern = text.code.toLowerCase();
  const seen = memo.get(pattern);
  if (seen !== undefined) return seen;
  const open = hasHole(pattern);
  // A hole may be any text: with its place held by "*", the pattern matches whatever it could match.
  const wide = open ? [...pattern].map((char) => (isHole(char) ? "*" : char)).join("") : pattern;
  const found = all.filter((_, i) => matches(wide, names[i] as string));
  const coverage = open ? { covers: [], mayCover: found } : { covers: found, mayCover: [] };
  if (memo.size < 10_000) memo.set(pattern, coverage);
  return coverage;
}

/** Whether an action names another service than KMS, well spelled or not. */
const ofOther = (text: string): boolean =>
  /^[^:]*:/.test(text) && distance(text.toLowerCase().split(":")[0] as string, "kms") > 1;

/** The KMS action that is spelled most like a text. */
const nearest = (text: string): string =>
  nearestOf(text.replace(/^[^:]*:/, "").replace(/[*?]/g, ""), all) as string;
