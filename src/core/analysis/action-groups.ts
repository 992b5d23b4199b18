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
export function actionGroups(statement: Statement, denyClassOf: (action: string) => number): ActionGroup[] {
  const signature = actionSignature([statement]);
  const groups = new Map<string, ActionGroup>();
  for (const action of [...statement.covers, ...statement.mayCover]) {
    if (!keyPolicyActions.has(action)) continue;
    const key = `${special.has(action) ? action : ""} ${denyClassOf(action)} ${signature(action)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { actions: [action], representative: action });
    else group.actions.push(action);
  }
  return [...groups.values()];
}

/** Returns a function that numbers actions: those that the statements treat alike have the same number. */
export function actionClasses(statements: readonly Statement[]): (action: string) => number {
  const signature = actionSignature(statements);
  const numbers = new Map<string, number>();
  const known = new Map<string, number>();
  return (action) => {
    let number = known.get(action);
    if (number === undefined) {
      const text = signature(action);
      number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      known.set(action, number);
    }
    return number;
  };
}

/** Returns a function that writes down how statements treat an action: which cover it, and which condition keys it carries. */
function actionSignature(statements: readonly Statement[]): (action: string) => string {
  const coverage = statements.map(({ covers, mayCover }) => ({
    covers: new Set(covers),
    mayCover: new Set(mayCover),
  }));
  const keys = new Set(statements.flatMap(({ conditions }) => conditions.map(({ key }) => key)));
  const carriers = [...keys].flatMap((key) => {
    const actions = carriersOf(key);
    return actions === undefined ? [] : [actions];
  });
  return (action) =>
    [
      ...coverage.map(({ covers, mayCover }) =>
        covers.has(action) ? "y" : mayCover.has(action) ? "m" : "n",
      ),
      ...carriers.map((actions) => (actions.includes(action) ? "y" : "n")),
      facts.undocumentedActions.includes(action) ? "u" : "d",
    ].join("");
}
