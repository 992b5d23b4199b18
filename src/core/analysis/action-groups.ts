import type { Statement } from "../model/document.ts";
import facts from "../model/facts.json" with { type: "json" };
import { carriersOf } from "./universe.ts";

/** Actions that a policy treats alike, and one of them to analyze. */
export interface ActionGroup {
  actions: string[];
  representative: string;
}

const keyPolicyActions = new Set(facts.keyPolicyActions);

/** Actions about which a fact asks more than whether they are allowed. */
const special = new Set(["CreateGrant", "ListGrants", "RevokeGrant", "ReplicateKey", "UpdatePrimaryRegion"]);

/** Groups the actions of a statement: those of a group are covered by the same Denies and carry the same condition keys. */
export function actionGroups(statement: Statement, statements: readonly Statement[]): ActionGroup[] {
  const relevant = [
    statement,
    ...statements.filter((other) => other !== statement && other.effect !== "Allow"),
  ];
  const keys = [...new Set(relevant.flatMap(({ conditions }) => conditions.map(({ key }) => key)))];
  const carriers =
    keys.flatMap((key) => carriersOf(key) ?? []).length > 0 ? keys.map((key) => carriersOf(key)) : [];
  const coverage = relevant.map(({ covers, mayCover }) => ({
    covers: new Set(covers),
    mayCover: new Set(mayCover),
  }));
  const groups = new Map<string, ActionGroup>();
  for (const action of [...statement.covers, ...statement.mayCover]) {
    if (!keyPolicyActions.has(action)) continue;
    const key = [
      special.has(action) ? action : "",
      coverage
        .map(({ covers, mayCover }) => (covers.has(action) ? "y" : mayCover.has(action) ? "m" : "n"))
        .join(""),
      carriers.map((list) => (list === undefined || list.includes(action) ? "y" : "n")).join(""),
      facts.undocumentedActions.includes(action),
    ].join(" ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { actions: [action], representative: action });
    else group.actions.push(action);
  }
  return [...groups.values()];
}
