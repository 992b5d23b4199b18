import { own } from "../../../core/model/json.ts";
import type { Finding } from "../../../core/model/report.ts";
import type { Decider, PolicyDecision } from "../../decision.ts";
import type { HookInvocation } from "./invocation.ts";

/** The decision about a hook target, with the findings that count. */
export interface TargetDecision {
  decision: PolicyDecision;
  findings: Finding[];
  exceptions: Finding[];
  /** Failures that resources outside of the event could resolve. They do not count. */
  unconfirmed: Finding[];
  /** Sentences to append to the message. */
  remarks: string[];
}

/** Returns the account and Region of a target that the event states. */
export const targetLocation = ({ account, region }: HookInvocation) => ({
  ...(account === undefined ? {} : { account }),
  ...(region === undefined ? {} : { region }),
});

/** Returns the path of a target in findings and in config overrides: the stack name, or else the type. */
export function targetPath({ target, stackId, name, type }: HookInvocation): string {
  if (target === "STACK") return name;
  return /:stack\/([^/]+)/.exec(stackId ?? "")?.[1] ?? (target === "CHANGE_SET" ? "change-set" : type);
}

export const targetDecision = (decision: PolicyDecision, remarks: string[] = []): TargetDecision => ({
  decision,
  findings: decision.report.findings,
  exceptions: decision.report.exceptions,
  unconfirmed: [],
  remarks,
});

/** One change of a change set. `before` and `after` are contexts: JSON with the properties of the resource. */
export interface HookResourceChange {
  action: string;
  id: string;
  type: string;
  before: string | null;
  after: string | null;
}

const CHANGE_SET_ACTIONS: { [action: string]: string } = {
  CREATE: "Add",
  UPDATE: "Modify",
  DELETE: "Remove",
};

/** Decides about changes as if `aws cloudformation describe-change-set` had printed them. */
export function decideChanges(
  invocation: HookInvocation,
  changes: HookResourceChange[],
  decide: Decider,
): PolicyDecision {
  const { stackId, changeSetId } = invocation;
  const text = JSON.stringify({
    ...(stackId === undefined ? {} : { StackId: stackId }),
    ChangeSetId: changeSetId ?? "",
    Changes: changes.map(({ action, id, type, before, after }) => ({
      Type: "Resource",
      ResourceChange: {
        // Another action must not become one of a change set by its spelling, such as Remove.
        Action: own(CHANGE_SET_ACTIONS, action) ?? action.toUpperCase(),
        LogicalResourceId: id,
        ResourceType: type,
        BeforeContext: before,
        AfterContext: after,
      },
    })),
  });
  return decide(
    [{ path: targetPath(invocation), text, named: true, nameOnly: true }],
    targetLocation(invocation),
  );
}
