import { isIP } from "node:net";
import { messageOf } from "../core/model/message.ts";

/** Where a request may go: a reason why not, else undefined. */
export type Guard = (url: URL) => string | undefined;

export interface Outgoing {
  url: string;
  guard: Guard;
  method?: string;
  headers?: { [name: string]: string };
  body?: string;
  /** Bytes of the answer's body, inflated. */
  most: number;
  /** How many redirects are followed; each has to pass the guard. */
  redirects: number;
  signal: AbortSignal;
  /** Of tests. */
  fetch?: typeof fetch;
}

export type Received =
  | { kind: "answer"; status: number; headers: Headers; body: Uint8Array }
  /** `again`: it may go better the next time. */
  | { kind: "failure"; message: string; again: boolean };

/**
 * One request to somewhere that a request of others named. Redirects are followed by hand: `Authorization` goes to the
 * host that it was given for and to no other. Never throws; no message holds what an URL may carry in its query.
 */
export async function send(outgoing: Outgoing): Promise<Received> {
  const { guard, redirects, signal } = outgoing;
  const get = outgoing.fetch ?? globalThis.fetch;
  let url = parsed(outgoing.url);
  const first = url?.host;
  for (let left = redirects; ; left--) {
    if (url === undefined) return final("The address is no URL.");
    const refused = guard(url);
    if (refused !== undefined) return final(refused);
    let response: Response;
    try {
      response = await get(url, {
        method: outgoing.method ?? "GET",
        headers: headersFor(outgoing.headers ?? {}, url.host === first),
        ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
        redirect: "manual",
        signal,
      });
    } catch (error) {
      return {
        kind: "failure",
        message: `${url.host} cannot be reached: ${reason(error, signal)}`,
        again: true,
      };
    }
    const { status, headers } = response;
    const target = headers.get("location");
    if (status < 300 || status > 399 || target === null) return received(response, url.host, outgoing);
    await response.body?.cancel();
    if (left === 0) return final(`${url.host} redirects once more than is followed.`);
    url = parsed(target, url);
  }
}

const final = (message: string): Received => ({ kind: "failure", message, again: false });

function parsed(text: string, base?: URL): URL | undefined {
  return URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined;
}

function headersFor(headers: { [name: string]: string }, same: boolean): { [name: string]: string } {
  if (same) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^authorization$/i.test(name)));
}

async function received(response: Response, host: string, { most, signal }: Outgoing): Promise<Received> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > most) return final(`${host} answers with more than ${most} bytes.`);
      chunks.push(chunk);
    }
  } catch (error) {
    return {
      kind: "failure",
      message: `${host} stopped in its answer: ${reason(error, signal)}`,
      again: true,
    };
  }
  return {
    kind: "answer",
    status: response.status,
    headers: response.headers,
    body: Buffer.concat(chunks, size),
  };
}

/** The cause that fetch hides: a refused connection, a certificate that nobody vouches for. */
function reason(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return messageOf(signal.reason);
  const { cause = error } = error as { cause?: unknown };
  const { code, message } = cause as { code?: unknown; message?: unknown };
  return String(code ?? message ?? cause);
}

/** What holds for every request: encrypted, without credentials in the URL, and to a name. */
export function wrongUrl({ protocol, username, password, hostname }: URL): string | undefined {
  if (protocol !== "https:") return `${hostname} is asked for without TLS: only https is.`;
  if (username !== "" || password !== "") return `The URL of ${hostname} has a user or a password.`;
  return isIP(hostname.replace(/^\[|\]$/g, "")) === 0 ? undefined : `${hostname} is an address, and no name.`;
}

/** A signal that ends by itself, or with another one. `end` has to be called: until then the process stays. */
export function limited(ms: number, parent?: AbortSignal): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const stop = () => controller.abort(parent?.reason);
  // Not AbortSignal.timeout: nothing but a request that hangs would keep the process, or the signal, alive.
  const timer = setTimeout(() => controller.abort(new Error(`no answer in ${ms / 1000} s`)), ms);
  if (parent?.aborted) stop();
  parent?.addEventListener("abort", stop, { once: true });
  const end = () => {
    clearTimeout(timer);
    parent?.removeEventListener("abort", stop);
  };
  return { signal: controller.signal, end };
}

/** Waits, or until the signal says stop. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) return done();
    const stop = () => {
      clearTimeout(timer);
      done();
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      done();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
