import { isIP } from "node:net";
import { messageOf } from "../core/model/message.ts";

/** Returns why a request to a URL is not allowed, or undefined if it is. */
export type UrlGuard = (url: URL) => string | undefined;

export interface HttpRequest {
  url: string;
  guard: UrlGuard;
  method?: string;
  headers?: { [name: string]: string };
  body?: string;
  /** Maximum size of the decompressed response body. */
  maxBytes: number;
  /** Maximum number of redirects. Each target must pass the guard. */
  maxRedirects: number;
  signal: AbortSignal;
  /** Replaces `fetch` in tests. */
  fetch?: typeof fetch;
}

export type HttpResult =
  | { kind: "response"; status: number; headers: Headers; body: Uint8Array }
  /** `retryable`: another attempt may succeed. */
  | { kind: "failure"; message: string; retryable: boolean };

/**
 * Sends a request to a URL from an untrusted source. Follows redirects itself and sends `Authorization` to the first host
 * only. Never throws. Messages contain no part of a URL except the host, because a query may contain credentials.
 */
export async function sendRequest(request: HttpRequest): Promise<HttpResult> {
  const { guard, maxRedirects, signal } = request;
  const fetch = request.fetch ?? globalThis.fetch;
  let url = parsed(request.url);
  const firstHost = url?.host;
  for (let redirectsLeft = maxRedirects; ; redirectsLeft--) {
    if (url === undefined) return permanentFailure("The address is not a URL.");
    const violation = guard(url);
    if (violation !== undefined) return permanentFailure(violation);
    let response: Response;
    try {
      response = await fetch(url, {
        method: request.method ?? "GET",
        headers: headersFor(request.headers ?? {}, url.host === firstHost),
        ...(request.body === undefined ? {} : { body: request.body }),
        redirect: "manual",
        signal,
      });
    } catch (error) {
      return {
        kind: "failure",
        message: `Cannot reach ${url.host}: ${reason(error, signal)}`,
        retryable: true,
      };
    }
    const { status, headers } = response;
    const target = headers.get("location");
    if (status < 300 || status > 399 || target === null) return resultOf(response, url.host, request);
    await response.body?.cancel();
    if (redirectsLeft === 0)
      return permanentFailure(`${url.host} redirects more than ${maxRedirects} times.`);
    url = parsed(target, url);
  }
}

/** Returns whether another attempt may succeed. */
export const isTransient = (received: HttpResult): boolean =>
  received.kind === "failure" ? received.retryable : received.status >= 500 || received.status === 429;

const permanentFailure = (message: string): HttpResult => ({ kind: "failure", message, retryable: false });

function parsed(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined;
}

function headersFor(headers: { [name: string]: string }, isFirstHost: boolean): { [name: string]: string } {
  if (isFirstHost) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^authorization$/i.test(name)));
}

async function resultOf(
  response: Response,
  host: string,
  { maxBytes, signal }: HttpRequest,
): Promise<HttpResult> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > maxBytes)
        return permanentFailure(`The response of ${host} is larger than ${maxBytes} bytes.`);
      chunks.push(chunk);
    }
  } catch (error) {
    return {
      kind: "failure",
      message: `The response of ${host} was interrupted: ${reason(error, signal)}`,
      retryable: true,
    };
  }
  return {
    kind: "response",
    status: response.status,
    headers: response.headers,
    body: Buffer.concat(chunks, size),
  };
}

/** Returns the reason that `fetch` wraps in `cause`, such as a refused connection or an untrusted certificate. */
function reason(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return messageOf(signal.reason);
  const { cause = error } = error as { cause?: unknown };
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return String(code ?? message ?? cause);
}

/** The guard for every request: requires https, no credentials in the URL, and a host name instead of an IP address. */
export function urlViolation({ protocol, username, password, hostname }: URL): string | undefined {
  if (protocol !== "https:") return `The URL of ${hostname} must start with https.`;
  if (username !== "" || password !== "") return `The URL of ${hostname} contains a user name or password.`;
  return isIP(hostname.replace(/^\[|\]$/g, "")) === 0
    ? undefined
    : `${hostname} is an IP address, not a host name.`;
}

/**
 * Returns a signal that aborts after a timeout or with its parent. Call `end` when done: the timer keeps the process
 * alive until then.
 */
export function withTimeout(ms: number, parent?: AbortSignal): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = () => controller.abort(parent?.reason);
  // AbortSignal.timeout does not keep the process or the signal alive while a request hangs.
  const timer = setTimeout(() => controller.abort(new Error(`no response within ${ms / 1000} s`)), ms);
  if (parent?.aborted) stop();
  parent?.addEventListener("abort", stop, { once: true });
  const end = () => {
    clearTimeout(timer);
    parent?.removeEventListener("abort", stop);
  };
  return { signal: controller.signal, end };
}

/** Waits for a time or until the signal aborts. */
export const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
