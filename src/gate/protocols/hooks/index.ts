import { isMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";
import type { Decide } from "../../decide.ts";
import { cut, decisionText } from "../../messages.ts";
import type { Decided } from "../../protocol.ts";
import { type HookInvocation, invocationOf, tokenOf } from "./invocation.ts";
import type { Judgement } from "./judge.ts";
import { judgeResource } from "./resource.ts";
import { annotationsOf, MESSAGE, type Response, undecided } from "./response.ts";
import { judgeChangeSet, judgeStack } from "./stack.ts";

export { type HookInvocation, invocationOf, tokenOf } from "./invocation.ts";
export { type Response, undecided } from "./response.ts";

/** What a hook is answered, and what a log tells about it. */
export interface Answered {
  response: Response;
  decision: Decided;
}

/**
 * Answers an invocation of a Lambda hook of CloudFormation. `payload` is the text that is read where
 * `invocation.payload` leads. Synchronous; never throws for what stands in either.
 */
export function answerHook(event: Json, payload: string | undefined, decide: Decide): Answered {
  const invocation = invocationOf(event);
  if (typeof invocation === "string") return none(tokenOf(event), "hook", invocation, decide);
  const judgement = judge(invocation, payload, decide);
  const { token } = invocation;
  const path = `hook/${invocation.target}`;
  if (typeof judgement === "string") return none(token, path, judgement, decide, mostFor(invocation));
  const { decision, findings, exceptions, outOfSight, remarks } = judgement;
  const { outcome, report } = decision;
  const told = { ...decision, report: { ...report, findings, exceptions } };
  const message = cut(
    [decisionText(told, decide.mode, mostFor(invocation)), ...remarks].join("\n"),
    mostFor(invocation),
  );
  const concerned = report.files.length > 0 || findings.length + exceptions.length + outOfSight.length > 0;
  const response: Response = {
    hookStatus: decision.allowed ? "SUCCESS" : "FAILED",
    ...(decision.allowed ? {} : { errorCode: outcome === "denied" ? "NonCompliant" : "InternalFailure" }),
    message,
    clientRequestToken: token,
    ...(concerned && outcome !== "undecided" ? { annotations: annotationsOf(report.rules, judgement) } : {}),
  };
  return { response, decision: { path, outcome, result: response, input: decision.document } };
}

/** Cloud Control shows less than CloudFormation. */
export const mostFor = ({ target }: HookInvocation): number =>
  target === "CLOUD_CONTROL" ? MESSAGE.cloudControl : MESSAGE.cloudFormation;

function none(token: string, path: string, why: string, { mode }: Decide, most?: number): Answered {
  const response = undecided(token, why, mode, most);
  return { response, decision: { path, outcome: "undecided", result: response } };
}

function judge(invocation: HookInvocation, payload: string | undefined, decide: Decide): Judgement | string {
  if (invocation.target === "RESOURCE" || invocation.target === "CLOUD_CONTROL")
    return judgeResource(invocation, decide);
  const value = valueOf(payload);
  if (!isMap(value)) return "The payload is no JSON object.";
  return invocation.target === "STACK"
    ? judgeStack(invocation, value, decide)
    : judgeChangeSet(invocation, value, decide);
}

function valueOf(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}
