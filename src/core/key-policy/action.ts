import type { Action } from "../model/document.ts";
import facts from "../model/facts.json" with { type: "json" };
import { distance, nearest as nearestOf } from "../model/nearest.ts";
import { locationOf, type Node } from "../model/node.ts";
import {
  decodeString,
  type EncodedString,
  encodeString,
  hasUnknownPart,
  isUnknownPart,
  matchesPattern,
} from "./pattern.ts";

const allActions: readonly string[] = facts.actions;
const qualifiedNames = allActions.map((action) => `kms:${action.toLowerCase()}`);

export interface Coverage {
  covers: string[];
  mayCover: string[];
}

/** Returns the actions of one Action or NotAction element, and the KMS actions that they cover together. */
export function actionsOf(
  nodes: Node[],
  notAction: boolean,
  address: string,
): { actions: Action[] } & Coverage {
  const covered = new Set<string>();
  const maybeCovered = new Set<string>();
  const actions = nodes.map((node): Action => {
    const text = encodeString(node) as EncodedString;
    const found = coverageOf(text);
    for (const action of found.covers) covered.add(action);
    for (const action of found.mayCover) maybeCovered.add(action);
    const known = found.covers.length + found.mayCover.length > 0 || text.encoded.trim() === "*";
    const written = decodeString(text);
    return {
      text: written,
      known,
      literal: !/[*?]/.test(text.encoded) && !hasUnknownPart(text.encoded),
      ...(node.type === "unknown" ? { unknown: true as const } : {}),
      ...(known || isOtherService(written) ? {} : { nearest: `kms:${nearestAction(written)}` }),
      location: locationOf(node.at, address),
    };
  });
  for (const action of covered) maybeCovered.delete(action);
  const covers = notAction
    ? allActions.filter((a) => !covered.has(a) && !maybeCovered.has(a))
    : allActions.filter((a) => covered.has(a));
  return { actions, covers, mayCover: allActions.filter((a) => maybeCovered.has(a)) };
}

const coverageByPattern = new Map<string, Coverage>();

function coverageOf(text: EncodedString): Coverage {
  const pattern = text.encoded.toLowerCase();
  const cached = coverageByPattern.get(pattern);
  if (cached !== undefined) return cached;
  const isPartial = hasUnknownPart(pattern);
  // An unknown part can be any string, so "*" in its place matches every action that the pattern could match.
  const widened = isPartial
    ? [...pattern].map((char) => (isUnknownPart(char) ? "*" : char)).join("")
    : pattern;
  const found = allActions.filter((_, i) => matchesPattern(widened, qualifiedNames[i] as string));
  const coverage = isPartial ? { covers: [], mayCover: found } : { covers: found, mayCover: [] };
  if (coverageByPattern.size < 10_000) coverageByPattern.set(pattern, coverage);
  return coverage;
}

/** Returns whether an action names a service other than KMS. A misspelled "kms" still counts as KMS. */
const isOtherService = (text: string): boolean =>
  /^[^:]*:/.test(text) && distance(text.toLowerCase().split(":")[0] as string, "kms") > 1;

/** Returns the KMS action with the most similar spelling. */
const nearestAction = (text: string): string =>
  nearestOf(text.replace(/^[^:]*:/, "").replace(/[*?]/g, ""), allActions) as string;
