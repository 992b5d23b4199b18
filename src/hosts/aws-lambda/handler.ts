import { messageOf } from "../../core/model/message.ts";
import type { Json } from "../../core/model/source.ts";
import {
  type Answered,
  answerHook,
  invocationOf,
  type Response,
  tokenOf,
  undecided,
} from "../../gate/protocols/hooks/index.ts";
import type { FailMode } from "../../session/server-options.ts";
import type { Configured } from "./configured.ts";
import { download } from "./payload.ts";

/** What Lambda tells about an invocation. */
export interface Context {
  awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

export type Handler = (event: unknown, context?: Context) => Promise<Response>;

/** What stays for the decision and the answer, in milliseconds; a download has the rest. */
const DECISION = 5_000;
/** CloudFormation waits for 30 seconds. */
const CLOUDFORMATION = 30_000;

/** The handler of a Lambda hook. It never throws: an error of a function says nothing to whoever deploys. */
export function handlerFor(configuration: Configured, log: (line: string) => void): Handler {
  for (const msg of configuration.remarks ?? []) log(JSON.stringify({ level: "warn", msg }));
  return async (event, context = {}) => {
    const started = performance.now();
    const answered = await answer(event as Json, context, configuration);
    const { response, decision } = answered;
    const invocation = invocationOf(event as Json);
    log(
      JSON.stringify({
        level: decision.outcome === "undecided" ? "error" : "info",
        msg: "decision",
        time: new Date().toISOString(),
        ...(context.awsRequestId === undefined ? {} : { request: context.awsRequestId }),
        ...(typeof invocation === "string" ? {} : aboutOf(invocation)),
        outcome: decision.outcome,
        status: response.hookStatus,
        // The words of findings may hold parts of templates; the names of rules do not.
        rules: (response.annotations ?? [])
          .filter(({ status }) => status === "FAILED")
          .map(({ annotationName }) => annotationName),
        ...(decision.outcome === "undecided" ? { why: response.message.slice(0, 500) } : {}),
        seconds: Math.round(performance.now() - started) / 1000,
      }),
    );
    return response;
  };
}

function aboutOf({
  hook,
  target,
  type,
  name,
  action,
  account,
  region,
  stackId,
}: Exclude<ReturnType<typeof invocationOf>, string>) {
  return { hook, target, type, name, action, account, region, stack: stackId };
}

async function answer(event: Json, context: Context, configuration: Configured): Promise<Answered> {
  const mode: FailMode = "decide" in configuration ? configuration.decide.mode : configuration.mode;
  const none = (why: string): Answered => {
    const response = undecided(tokenOf(event), why, mode);
    return { response, decision: { path: "hook", outcome: "undecided", result: response } };
  };
  try {
    if ("failure" in configuration) return none(configuration.failure);
    const invocation = invocationOf(event);
    const payload = typeof invocation === "string" ? undefined : invocation.payload;
    if (payload === undefined) return answerHook(event, undefined, configuration.decide);
    const remaining = Math.min(context.getRemainingTimeInMillis?.() ?? CLOUDFORMATION, CLOUDFORMATION);
    const got = await download(payload, Math.max(remaining - DECISION, remaining / 2));
    return "failure" in got
      ? none(`The payload cannot be read: ${got.failure}`)
      : answerHook(event, got.text, configuration.decide);
  } catch (error) {
    return none(`Keywarden failed with an internal error: ${messageOf(error)}`);
  }
}
