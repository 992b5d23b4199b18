import { isMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";
import { parseJson } from "../../../core/parse/json.ts";
import { isProblem } from "../../../core/parse/problem.ts";
import type { Decider } from "../../decision.ts";
import { decisionMessage, truncateText } from "../../messages.ts";
import type { DecisionRecord } from "../../protocol.ts";
import { decideChangeSet } from "./change-set.ts";
import { type HookInvocation, parseInvocation, requestToken } from "./invocation.ts";
import { decideResource } from "./resource.ts";
import {
  type HookResponse,
  hookAnnotations,
  MAX_MESSAGE_CHARACTERS,
  undecidedHookResponse,
} from "./response.ts";
import { decideStack } from "./stack.ts";
import type { TargetDecision } from "./target-decision.ts";

export { type HookInvocation, parseInvocation, requestToken } from "./invocation.ts";
export { type HookResponse, undecidedHookResponse } from "./response.ts";

/** The response of a hook, and the record of its decision for a log. */
export interface HookResult {
  response: HookResponse;
  decision: DecisionRecord;
}

/**
 * Answers an invocation of a Lambda Hook by CloudFormation. `payload` is the content at `invocation.payload`.
 * Synchronous; no content of the event or payload makes it throw.
 */
export function answerHook(event: Json, payload: string | undefined, decide: Decider): HookResult {
  const invocation = parseInvocation(event);
  if (typeof invocation === "string") return undecided(requestToken(event), "hook", invocation, decide);
  const target = decideTarget(invocation, payload, decide);
  const { token } = invocation;
  const path = `hook/${invocation.target}`;
  const maxCharacters = maxMessageCharacters(invocation);
  if (typeof target === "string") return undecided(token, path, target, decide, maxCharacters);
  const { decision, findings, exceptions, unconfirmed, remarks } = target;
  const { outcome, report } = decision;
  const counted = { ...decision, report: { ...report, findings, exceptions } };
  const message = truncateText(
    [decisionMessage(counted, decide.failMode, maxCharacters), ...remarks].join("\n"),
    maxCharacters,
  );
  const concernsKms =
    report.files.length > 0 ||
    report.unseen.length > 0 ||
    findings.length + exceptions.length + unconfirmed.length > 0;
  const response: HookResponse = {
    hookStatus: decision.allowed ? "SUCCESS" : "FAILED",
    ...(decision.allowed ? {} : { errorCode: outcome === "denied" ? "NonCompliant" : "InternalFailure" }),
    message,
    clientRequestToken: token,
    ...(concernsKms && outcome !== "undecided" ? { annotations: hookAnnotations(report.rules, target) } : {}),
  };
  return { response, decision: { path, outcome, result: response, input: decision.document } };
}

/** Cloud Control API shows shorter messages than CloudFormation. */
const maxMessageCharacters = ({ target }: HookInvocation): number =>
  target === "CLOUD_CONTROL" ? MAX_MESSAGE_CHARACTERS.cloudControl : MAX_MESSAGE_CHARACTERS.cloudFormation;

function undecided(
  token: string,
  path: string,
  reason: string,
  { failMode }: Decider,
  maxCharacters?: number,
): HookResult {
  const response = undecidedHookResponse(token, reason, failMode, maxCharacters);
  return { response, decision: { path, outcome: "undecided", result: response } };
}

function decideTarget(
  invocation: HookInvocation,
  payload: string | undefined,
  decide: Decider,
): TargetDecision | string {
  if (invocation.target === "RESOURCE" || invocation.target === "CLOUD_CONTROL")
    return decideResource(invocation, decide);
  const parsed = payload === undefined ? undefined : parseJson({ path: "payload", text: payload });
  if (parsed === undefined) return "The payload is not a JSON object.";
  if (isProblem(parsed)) return `The payload cannot be read: ${parsed.message}`;
  const { value } = parsed;
  if (!isMap(value)) return "The payload is not a JSON object.";
  return invocation.target === "STACK"
    ? decideStack(invocation, value, decide)
    : decideChangeSet(invocation, value, decide);
}
