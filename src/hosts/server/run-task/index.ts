import { messageOf } from "../../../core/model/message.ts";
import { failedDecision, withFailure } from "../../../gate/failure.ts";
import type {
  DecisionRecord,
  ProtocolRequest,
  ProtocolResponse,
  RequestFailure,
} from "../../../gate/protocol.ts";
import {
  runIdentityQuery,
  runTaskProtocol,
  type TaskResult,
} from "../../../gate/protocols/run-task/index.ts";
import { withTimeout } from "../../../node/http-client.ts";
import { encodeText } from "../../../reporters/encode.ts";
import { correlationOf } from "../correlation.ts";
import type { Telemetry } from "../telemetry/types.ts";
import { createHcpClient, type HcpClient } from "./hcp-client.ts";
import { defaultTiming, hostGuard, type RunTaskOptions } from "./options.ts";
import { isSigned, parseRunTaskRequest, type RunTaskRequest } from "./request.ts";
import { createSemaphore } from "./semaphore.ts";

export type { RunTaskOptions } from "./options.ts";

export interface RunTaskHandler {
  /** Responds at once. The check continues in the background. */
  handle(request: ProtocolRequest): ProtocolResponse;
  /** Returns the number of runs without a final result. */
  running(): number;
  /** Waits for the runs until `deadline` (milliseconds since the epoch), then reports the others as stopped. */
  close(deadline: number): Promise<void>;
}

/** Returns the response of a protocol from a worker. */
export type RunInWorker = (protocol: string, request: ProtocolRequest) => Promise<ProtocolResponse>;

/** Time to report runs that were stopped by the shutdown. */
const FINAL_RESULT_TIMEOUT_MS = 5_000;
const RETRY_AFTER_SECONDS = 30;

/** Creates the run task of HCP Terraform and Terraform Enterprise. Throws an Error if there is no key. */
export function createRunTaskHandler(
  options: RunTaskOptions,
  runInWorker: RunInWorker,
  telemetry: Telemetry,
): RunTaskHandler {
  if (options.key() === "")
    throw new Error("The run task has no HMAC key. Without it, anyone could send requests.");
  const { log } = telemetry;
  const { failMode, maxRuns = 64, maxConcurrentPlans = 4, maxPlanBytes = 256 * 2 ** 20 } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const guard = hostGuard(options);
  const acquirePlanSlot = createSemaphore(maxConcurrentPlans);
  const runs = new Map<string, Promise<void>>();
  const shutdown = new AbortController();
  let closing = false;

  /** Checks a run and reports the result. */
  async function processRun(run: RunTaskRequest, request: ProtocolRequest): Promise<void> {
    const received = new Date();
    const { id, callback, supportsOutcomes, stage, enforcement, organization, workspace } = run;
    const fields = {
      id: request.id,
      task_result: id,
      run: run.run,
      organization,
      workspace,
      stage,
      enforcement,
    };
    const hcp = createHcpClient(run, { guard, timing, maxPlanBytes });
    const { signal, end } = withTimeout(timing.totalMs, shutdown.signal);
    let progressUpdate: Promise<unknown> | undefined;
    const progressTimer = setInterval(() => {
      progressUpdate ??= hcp.sendResult(PROGRESS, signal, true).finally(() => {
        progressUpdate = undefined;
      });
    }, timing.progressIntervalMs);
    const deciding = withTimeout(timing.decisionMs, signal);
    const response = await decide(run, request, hcp, deciding.signal).catch((error: unknown) =>
      failureResponse(request, { kind: "internal", message: `Keywarden failed: ${messageOf(error)}` }),
    );
    deciding.end();
    clearInterval(progressTimer);
    // A progress update must not arrive after the result.
    await progressUpdate;
    const result = JSON.parse(response.body) as TaskResult;
    if (!supportsOutcomes) delete result.data.relationships;
    let sendError = await hcp.sendResult(result, signal);
    // The shutdown may have aborted the request. Tries once more with a short timeout.
    if (sendError !== undefined && shutdown.signal.aborted) sendError = await sendFinalResult(hcp, result);
    end();
    const { status, message } = result.data.attributes;
    if (sendError === undefined) log.info({ ...fields, status }, `Sent a run task result: ${message}`);
    else log.error({ ...fields, status, reason: sendError }, "Cannot send a run task result");
    const seconds = (Date.now() - received.getTime()) / 1000;
    const { method, path } = request;
    const query = runIdentityQuery({ organization, workspace, run: run.run });
    telemetry.recordRequest({
      protocol: runTaskProtocol.name,
      request: { id: request.id, method, path, query },
      status: response.status,
      clientAddress: new URL(callback).host,
      correlation: correlationOf(request),
      received,
      seconds,
      ...(response.decision === undefined ? {} : { decision: sentDecision(response.decision, sendError) }),
    });
  }

  /** Downloads the plan and returns the decision of a worker, or a failure. */
  async function decide(
    run: RunTaskRequest,
    request: ProtocolRequest,
    hcp: HcpClient,
    signal: AbortSignal,
  ): Promise<ProtocolResponse> {
    const { planUrl, stage } = run;
    const fail = (kind: RequestFailure["kind"], message: string) =>
      failureResponse(request, { kind, message });
    if (planUrl === undefined)
      return fail(
        "unreadable",
        `The stage ${stage} has no plan. Assign the run task to the stage post-plan or pre-apply.`,
      );
    const release = await acquirePlanSlot(signal);
    try {
      if (signal.aborted) return fail(...abortFailure(shutdown.signal));
      const planLimit = withTimeout(timing.planMs, signal);
      const plan = await hcp.downloadPlan(planUrl, planLimit.signal);
      planLimit.end();
      if (signal.aborted) return fail(...abortFailure(shutdown.signal));
      if ("failure" in plan) return fail("unreadable", `Cannot download the plan: ${plan.failure}`);
      const { organization, workspace, run: id } = run;
      const workerRequest: ProtocolRequest = {
        id: request.id,
        method: "POST",
        path: request.path,
        query: runIdentityQuery({ organization, workspace, run: id }),
        headers: { "content-type": "application/json" },
        body: plan.bytes,
      };
      const aborted = new Promise<ProtocolResponse>((resolve) => {
        signal.addEventListener("abort", () => resolve(fail(...abortFailure(shutdown.signal))), {
          once: true,
        });
      });
      return await Promise.race([runInWorker(runTaskProtocol.name, workerRequest), aborted]);
    } finally {
      release();
    }
  }

  const failureResponse = (request: ProtocolRequest, failure: RequestFailure): ProtocolResponse =>
    withFailure(runTaskProtocol.handleFailure(request, failure, failMode), failure);

  function handle(request: ProtocolRequest): ProtocolResponse {
    if (request.method !== "POST")
      return textResponse(405, "/run-task only accepts POST.", { allow: "POST" });
    if (!isSigned(request, options.key())) {
      telemetry.count("request_refused");
      log.warn({ id: request.id, reason: INVALID_SIGNATURE }, "Refused a run task request");
      return textResponse(401, INVALID_SIGNATURE);
    }
    const run = parseRunTaskRequest(request.body);
    if (run === "verification") return textResponse(200, "");
    if ("error" in run) return refuse(request, run.error);
    const urlError = URL.canParse(run.callback)
      ? guard(new URL(run.callback))
      : "The task_result_callback_url is not a URL.";
    if (urlError !== undefined) return refuse(request, urlError);
    // HCP Terraform repeats a request whose response was late.
    if (runs.has(run.id)) return textResponse(200, "");
    if (closing || runs.size >= maxRuns)
      return rejectRun(
        closing
          ? { kind: "stopping", message: "The server is stopping." }
          : { kind: "overloaded", message: "Too many runs are waiting." },
      );
    const processing = processRun(run, request)
      .catch((error: unknown) => log.error({ id: request.id, reason: messageOf(error) }, "Run task failed"))
      .finally(() => runs.delete(run.id));
    runs.set(run.id, processing);
    return textResponse(200, "");
  }

  function refuse(request: ProtocolRequest, reason: string): ProtocolResponse {
    telemetry.count("request_refused");
    log.warn({ id: request.id, reason }, "Refused a run task request");
    return textResponse(400, reason);
  }

  return {
    handle,
    running: () => runs.size,
    async close(deadline) {
      closing = true;
      const timer = setTimeout(() => shutdown.abort(), Math.max(0, deadline - Date.now()));
      await Promise.all(runs.values());
      clearTimeout(timer);
    },
  };
}

const INVALID_SIGNATURE = "The X-TFC-Task-Signature header is missing or not valid.";

const PROGRESS: TaskResult = {
  data: {
    type: "task-results",
    attributes: { status: "running", message: "Keywarden is checking the plan." },
  },
};

async function sendFinalResult(hcp: HcpClient, result: TaskResult): Promise<string | undefined> {
  const { signal, end } = withTimeout(FINAL_RESULT_TIMEOUT_MS);
  const error = await hcp.sendResult(result, signal);
  end();
  return error;
}

function abortFailure({ aborted: isShutdown }: AbortSignal): [RequestFailure["kind"], string] {
  return isShutdown
    ? ["stopping", "Keywarden was stopped before it could decide. Run the plan again."]
    : ["timeout", "The run task exceeded its time limit."];
}

/** A result that HCP Terraform did not receive allows nothing, so the decision log must not report it as passed. */
const sentDecision = (decision: DecisionRecord, sendError: string | undefined): DecisionRecord =>
  sendError === undefined
    ? decision
    : { ...decision, result: { sent: false, reason: sendError, status: decision.result } };

/** HCP Terraform sends the request again after a 503. */
function rejectRun(failure: RequestFailure): ProtocolResponse {
  const response = textResponse(503, failure.message, { "retry-after": String(RETRY_AFTER_SECONDS) });
  return withFailure({ ...response, decision: failedDecision(runTaskProtocol.name) }, failure);
}

const textResponse = (
  status: number,
  text: string,
  headers: ProtocolResponse["headers"] = {},
): ProtocolResponse => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  body: encodeText(text),
});
