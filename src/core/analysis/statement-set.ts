import type { Statement } from "../model/document.ts";
import type { Callers } from "./callers.ts";
import { conditionSet } from "./conditions.ts";
import type { Context } from "./context.ts";
import { everything, isEmpty } from "./language.ts";
import { type RequestBox, restricted, type Universe } from "./request-set.ts";
import type { CallerKind } from "./universe.ts";
import { strings } from "./values.ts";

/** The requests that an analysis is about. */
export interface Requests {
  kind: CallerKind;
  action: string;
  universe: Universe;
  context: Context;
}

/** Returns the requests of some callers that the conditions of a statement match, or null if there are none. */
export function statementBox(
  statement: Statement,
  callers: Callers,
  { kind, action, universe, context }: Requests,
): RequestBox | null {
  const language = callers[kind];
  if (language === undefined || isEmpty(language)) return null;
  // Callers other than everyone are known to be callers.
  let box: RequestBox | null = language === everything ? new Map() : new Map([["caller", strings(language)]]);
  const effect = statement.effect === "Deny" ? "Deny" : "Allow";
  for (const [i, condition] of statement.conditions.entries()) {
    if (box === null) return null;
    const found = conditionSet(condition, {
      context,
      kind,
      action,
      effect,
      isForEveryone: callers.principal === everything,
      id: `condition ${statement.index} ${i}`,
    });
    if (found === "none") return null;
    if (found === "all") continue;
    for (const { part, set } of found) box = box && restricted(box, part, set, universe);
  }
  return box;
}
