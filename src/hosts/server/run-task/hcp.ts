import type { Result } from "../../../gate/protocols/run-task.ts";
import {
  type HttpRequest,
  type HttpResult,
  sendRequest,
  sleep,
  type UrlGuard,
  withTimeout,
} from "../../../node/http-client.ts";
import type { Run } from "./run.ts";
import type { Times } from "./settings.ts";

/** What is asked of HCP Terraform. */
export interface Hcp {
  /** The plan as JSON. */
  plan(url: string, signal: AbortSignal): Promise<{ bytes: Uint8Array } | { failure: string }>;
  /** What went wrong, where the result did not arrive. `once`: without trying again. */
  tell(result: Result, signal: AbortSignal, once?: boolean): Promise<string | undefined>;
}

const MEDIA_TYPE = "application/vnd.api+json";
/** Of the answer to a result, which tells nothing but errors. */
const SMALL = 64 * 2 ** 10;
/** Between two attempts, milliseconds. */
const LONGEST = 30_000;

export function hcpFor(
  { token, callback }: Pick<Run, "token" | "callback">,
  { guard, times, maxPlan }: { guard: UrlGuard; times: Times; maxPlan: number },
): Hcp {
  const authorization = `Bearer ${token}`;

  async function patiently(
    outgoing: Omit<HttpRequest, "signal" | "guard">,
    signal: AbortSignal,
    mayGoBetter: (received: HttpResult) => boolean,
  ) {
    for (let wait = times.pause; ; wait = Math.min(wait * 2, LONGEST)) {
      const attempt = withTimeout(times.request, signal);
      const received = await sendRequest({ ...outgoing, guard, signal: attempt.signal });
      attempt.end();
      if (signal.aborted || !mayGoBetter(received)) return received;
      await sleep(Math.max(wait, asked(received)), signal);
      if (signal.aborted) return received;
    }
  }

  return {
    async plan(url, signal) {
      const headers = { authorization, accept: "application/json" };
      const received = await patiently({ url, headers, maxBytes: maxPlan, maxRedirects: 3 }, signal, isLate);
      if (received.kind === "failure") return { failure: received.message };
      if (received.status === 200) return { bytes: received.body };
      return { failure: `HCP Terraform answers with the status ${received.status}.` };
    },
    async tell(result, signal, once = false) {
      const received = await patiently(
        {
          url: callback,
          method: "PATCH",
          headers: { authorization, "content-type": MEDIA_TYPE },
          body: JSON.stringify(result),
          maxBytes: SMALL,
          // What is redirected would have to be sent again, and to whom?
          maxRedirects: 0,
        },
        signal,
        once ? () => false : isPassing,
      );
      if (received.kind === "failure") return received.message;
      if (received.status >= 200 && received.status < 300) return undefined;
      return `HCP Terraform answers with the status ${received.status}.`;
    },
  };
}

/** Whether a failure may pass. */
const isPassing = (received: HttpResult): boolean =>
  received.kind === "failure" ? received.retryable : received.status >= 500 || received.status === 429;

/** The same, or the plan is not there yet. */
const isLate = (received: HttpResult): boolean =>
  isPassing(received) || (received.kind === "response" && received.status === 204);

/** Milliseconds that HCP Terraform asks to wait, as far as that makes sense. */
function asked(received: HttpResult): number {
  const seconds = received.kind === "response" ? Number(received.headers.get("retry-after")) : 0;
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, LONGEST) : 0;
}
