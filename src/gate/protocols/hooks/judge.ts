import type { Finding } from "../../../core/model/report.ts";
import type { Decide, Decision } from "../../decide.ts";
import type { HookInvocation } from "./invocation.ts";

/** What was decided about a target, and what of it counts. */
export interface Judgement {
  decision: Decision;
  findings: Finding[];
  exceptions: Finding[];
  /** What fails by what can be seen, and might not by what cannot. It counts for nothing. */
  outOfSight: Finding[];
  /** Further sentences for the message. */
  remarks: string[];
}

/** What is known of the place of a target. */
export const placeOf = ({ account, region }: HookInvocation) => ({
  ...(account === undefined ? {} : { account }),
  ...(region === undefined ? {} : { region }),
});

/** What a target's text is called in findings, and in a configuration: the stack's name, else the type. */
export function pathOf({ target, stackId, name, type }: HookInvocation): string {
  if (target === "STACK") return name;
  return /:stack\/([^/]+)/.exec(stackId ?? "")?.[1] ?? (target === "CHANGE_SET" ? "change-set" : type);
}

export const judgementOf = (decision: Decision, remarks: string[] = []): Judgement => ({
  decision,
  findings: decision.report.findings,
  exceptions: decision.report.exceptions,
  outOfSight: [],
  remarks,
});

/** The changes of a change set, as `aws cloudformation describe-change-set` would print them. */
export interface Changed {
  action: string;
  id: string;
  type: string;
  before: string | null;
  after: string | null;
}

const ACTIONS: { [action: string]: string } = { CREATE: "Add", UPDATE: "Modify", DELETE: "Remove" };

export function decideChanges(invocation: HookInvocation, changes: Changed[], decide: Decide): Decision {
  const { stackId, changeSetId } = invocation;
  const text = JSON.stringify({
    ...(stackId === undefined ? {} : { StackId: stackId }),
    ChangeSetId: changeSetId ?? "",
    Changes: changes.map(({ action, id, type, before, after }) => ({
      Type: "Resource",
      ResourceChange: {
        Action: ACTIONS[action] ?? action,
        LogicalResourceId: id,
        ResourceType: type,
        BeforeContext: before,
        AfterContext: after,
      },
    })),
  });
  return decide([{ path: pathOf(invocation), text, named: true }], placeOf(invocation));
}
