import { messageOf } from "../../core/model/message.ts";
import type { Json } from "../../core/model/source.ts";
import {
  answerHook,
  type HookInvocation,
  type HookResponse,
  type HookResult,
  parseInvocation,
  requestToken,
  undecidedHookResponse,
} from "../../gate/protocols/hooks/index.ts";
import { encodeJson } from "../../reporters/encode.ts";
import type { FailMode } from "../../session/server-options.ts";
import type { LoadedDecider } from "./load-decider.ts";
import { downloadPayload } from "./payload.ts";

/** The part of the Lambda context object that the handler uses. */
export interface LambdaContext {
  awsRequestId?: string;
  /** Returns the milliseconds until the function times out. */
  getRemainingTimeInMillis?(): number;
}

/** Handles an invocation by CloudFormation Hooks. The promise never rejects. */
export type HookHandler = (event: unknown, context?: LambdaContext) => Promise<HookResponse>;

/** Time to reserve for the decision and the response. The rest of the time is for the download. */
const DECISION_TIME_MS = 5_000;
/** CloudFormation waits this long for a hook. */
const CLOUDFORMATION_TIMEOUT_MS = 30_000;
const MAX_LOGGED_REASON_CHARACTERS = 500;

/**
 * Creates the handler of a Lambda Hook. The handler never throws, because CloudFormation would not show the error to
 * its users.
 */
export function createHookHandler(loaded: LoadedDecider, log: (line: string) => void): HookHandler {
  for (const msg of loaded.warnings ?? []) log(encodeJson({ level: "warn", msg }).trimEnd());
  return async (event, context = {}) => {
    const started = performance.now();
    const { response, decision } = await handleEvent(event as Json, context, loaded);
    const invocation = parseInvocation(event as Json);
    const isUndecided = decision.outcome === "undecided";
    log(
      encodeJson({
        level: isUndecided ? "error" : "info",
        msg: "decision",
        time: new Date().toISOString(),
        ...(context.awsRequestId === undefined ? {} : { request: context.awsRequestId }),
        ...(typeof invocation === "string" ? {} : invocationFields(invocation)),
        outcome: decision.outcome,
        status: response.hookStatus,
        // Messages of findings may quote templates, so the log only contains rule IDs.
        rules: (response.annotations ?? [])
          .filter(({ status }) => status === "FAILED")
          .map(({ annotationName }) => annotationName),
        ...(isUndecided ? { reason: response.message.slice(0, MAX_LOGGED_REASON_CHARACTERS) } : {}),
        seconds: Math.round(performance.now() - started) / 1000,
      }).trimEnd(),
    );
    return response;
  };
}

function invocationFields({ hook, target, type, name, action, account, region, stackId }: HookInvocation) {
  return { hook, target, type, name, action, account, region, stack: stackId };
}

async function handleEvent(event: Json, context: LambdaContext, loaded: LoadedDecider): Promise<HookResult> {
  const failMode: FailMode = "decide" in loaded ? loaded.decide.failMode : loaded.failMode;
  const undecided = (reason: string): HookResult => {
    const response = undecidedHookResponse(requestToken(event), reason, failMode);
    return { response, decision: { path: "hook", outcome: "undecided", result: response } };
  };
  try {
    if ("failure" in loaded) return undecided(loaded.failure);
    const invocation = parseInvocation(event);
    const payloadUrl = typeof invocation === "string" ? undefined : invocation.payload;
    if (payloadUrl === undefined) return answerHook(event, undefined, loaded.decide);
    const remainingMs = Math.min(
      context.getRemainingTimeInMillis?.() ?? CLOUDFORMATION_TIMEOUT_MS,
      CLOUDFORMATION_TIMEOUT_MS,
    );
    const payload = await downloadPayload(
      payloadUrl,
      Math.max(remainingMs - DECISION_TIME_MS, remainingMs / 2),
    );
    return "failure" in payload
      ? undecided(`Cannot download the payload: ${payload.failure}`)
      : answerHook(event, payload.text, loaded.decide);
  } catch (error) {
    return undecided(`Keywarden failed with an internal error: ${messageOf(error)}`);
  }
}
