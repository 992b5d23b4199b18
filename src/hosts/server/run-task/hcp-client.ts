import type { TaskResult } from "../../../gate/protocols/run-task/index.ts";
import { type Guard, limited, type Outgoing, pause, type Received, send } from "../../../node/http-client.ts";
import type { RunTaskTiming } from "./options.ts";
import type { RunTaskRequest } from "./request.ts";

/** Client for the API of HCP Terraform and Terraform Enterprise. */
export interface HcpClient {
  /** Returns the plan as JSON. Retries until `signal` aborts. */
  downloadPlan(url: string, signal: AbortSignal): Promise<{ bytes: Uint8Array } | { failure: string }>;
  /** Sends a result. Returns an error message, or undefined on success. `once` disables retries. */
  sendResult(result: TaskResult, signal: AbortSignal, once?: boolean): Promise<string | undefined>;
}

const MEDIA_TYPE = "application/vnd.api+json";
/** The response to a result contains at most an error. */
const MAX_RESULT_RESPONSE_BYTES = 64 * 2 ** 10;
const MAX_RETRY_DELAY_MS = 30_000;
const MAX_PLAN_REDIRECTS = 3;

export function createHcpClient(
  { token, callback }: Pick<RunTaskRequest, "token" | "callback">,
  { guard, timing, maxPlanBytes }: { guard: Guard; timing: RunTaskTiming; maxPlanBytes: number },
): HcpClient {
  const authorization = `Bearer ${token}`;

  async function sendWithRetries(
    outgoing: Omit<Outgoing, "signal" | "guard">,
    signal: AbortSignal,
    isRetryable: (received: Received) => boolean,
  ) {
    for (let delayMs = timing.retryDelayMs; ; delayMs = Math.min(delayMs * 2, MAX_RETRY_DELAY_MS)) {
      const attempt = limited(timing.requestMs, signal);
      const received = await send({ ...outgoing, guard, signal: attempt.signal });
      attempt.end();
      if (signal.aborted || !isRetryable(received)) return received;
      await pause(Math.max(delayMs, retryAfterMs(received)), signal);
      if (signal.aborted) return received;
    }
  }

  return {
    async downloadPlan(url, signal) {
      const received = await sendWithRetries(
        {
          url,
          headers: { authorization, accept: "application/json" },
          most: maxPlanBytes,
          redirects: MAX_PLAN_REDIRECTS,
        },
        signal,
        isPlanRetryable,
      );
      if (received.kind === "failure") return { failure: received.message };
      if (received.status === 200) return { bytes: received.body };
      return { failure: statusMessage(received.status) };
    },
    async sendResult(result, signal, once = false) {
      const received = await sendWithRetries(
        {
          url: callback,
          method: "PATCH",
          headers: { authorization, "content-type": MEDIA_TYPE },
          body: JSON.stringify(result),
          most: MAX_RESULT_RESPONSE_BYTES,
          // A redirect would send the result to an address that the run did not state.
          redirects: 0,
        },
        signal,
        once ? () => false : isTransient,
      );
      if (received.kind === "failure") return received.message;
      if (received.status >= 200 && received.status < 300) return undefined;
      return statusMessage(received.status);
    },
  };
}

const statusMessage = (status: number): string => `HCP Terraform returned status ${status}.`;

const isTransient = (received: Received): boolean =>
  received.kind === "failure" ? received.again : received.status >= 500 || received.status === 429;

/** HCP Terraform returns 204 until the plan is available. */
const isPlanRetryable = (received: Received): boolean =>
  isTransient(received) || (received.kind === "answer" && received.status === 204);

/** Returns the delay in the Retry-After header, up to the maximum; 0 if there is none. */
function retryAfterMs(received: Received): number {
  const seconds = received.kind === "answer" ? Number(received.headers.get("retry-after")) : 0;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MAX_RETRY_DELAY_MS) : 0;
}
