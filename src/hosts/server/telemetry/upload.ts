import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Sink } from "./queue.ts";
import { errorCode } from "./reason.ts";

const zipped = promisify(gzip);
const TIMEOUT = 10_000;

export interface Upload {
  url: string;
  token?: (() => string) | undefined;
  fetch?: typeof fetch | undefined;
  /** Decisions that the server does not take, whatever is done. */
  dropped(lines: number): void;
}

/**
 * A server that takes decision logs as OPA sends them: `POST URL/logs` with a gzipped array.
 * https://www.openpolicyagent.org/docs/management-decision-logs
 */
export function toServer({ url, token, fetch: send = fetch, dropped }: Upload): Sink {
  const address = `${url.replace(/\/+$/, "")}/logs`;

  const post = async (lines: string[]): Promise<void> => {
    const body = await zipped(`[${lines.join(",")}]`);
    const response = await send(address, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-encoding": "gzip",
        ...(token === undefined ? {} : { authorization: `Bearer ${token()}` }),
      },
      body,
      // A redirect turns a POST into a GET, whose answer would say nothing about the decisions.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    }).catch((error) => {
      throw new Error(`it cannot be reached: ${errorCode(error)}`);
    });
    await response.body?.cancel();
    if (response.ok) return;
    if (response.status !== 413) throw new Error(`it answers ${response.status}`);
    if (lines.length === 1) return dropped(1);
    const half = lines.length >> 1;
    await post(lines.slice(0, half));
    await post(lines.slice(half));
  };

  return {
    batch: 1024 * 1024,
    gather: 1000,
    send: (chunk) => post(Buffer.from(chunk).toString().trimEnd().split("\n")),
  };
}
