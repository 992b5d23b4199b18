import type { TaskResult } from "../../../gate/protocols/run-task/index.ts";
import {
  type HttpRequest,
  type HttpResult,
  isTransient,
  sendRequest,
  sleep,
  type UrlGuard,
  withTimeout,
} from "../../../node/http-client.ts";
import { encodeJson } from "../../../reporters/encode.ts";
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
  { guard, timing, maxPlanBytes }: { guard: UrlGuard; timing: RunTaskTiming; maxPlanBytes: number },
): HcpClient {
  const authorization = `Bearer ${token}`;

  async function sendWithRetries(
    outgoing: Omit<HttpRequest, "signal" | "guard">,
    signal: AbortSignal,
    isRetryable: (received: HttpResult) => boolean,
  ) {
    for (let delayMs = timing.retryDelayMs; ; delayMs = Math.min(delayMs * 2, MAX_RETRY_DELAY_MS)) {
      const attempt = withTimeout(timing.requestMs, signal);
      const received = await sendRequest({ ...outgoing, guard, signal: attempt.signal });
      attempt.end();
      if (signal.aborted || !isRetryable(received)) return received;
      await sleep(Math.max(delayMs, retryAfterMs(received)), signal);
      if (signal.aborted) return received;
    }
  }

  return {
    async downloadPlan(url, signal) {
      const received = await sendWithRetries(
        {
          url,
          headers: { authorization, accept: "application/json" },
          maxBytes: maxPlanBytes,
          maxRedirects: MAX_PLAN_REDIRECTS,
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
          body: encodeJson(result),
          maxBytes: MAX_RESULT_RESPONSE_BYTES,
          // A redirect would send the result to an address that the run did not state.
          maxRedirects: 0,
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

/** HCP Terraform returns 204 until the plan is available. */
const isPlanRetryable = (received: HttpResult): boolean =>
  isTransient(received) || (received.kind === "response" && received.status === 204);

/** Returns the delay in the Retry-After header, up to the maximum; 0 if there is none. */
function retryAfterMs(received: HttpResult): number {
  const seconds = received.kind === "response" ? Number(received.headers.get("retry-after")) : 0;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MAX_RETRY_DELAY_MS) : 0;
}
