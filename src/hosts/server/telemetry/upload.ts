import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { errorCode } from "./error-code.ts";
import type { LogSink } from "./queue.ts";

const compress = promisify(gzip);
const UPLOAD_TIMEOUT_MS = 10_000;

export interface DecisionLogUpload {
  url: string;
  token?: (() => string) | undefined;
  fetch?: typeof fetch | undefined;
  /** Called for decisions that the server rejects permanently. */
  onDrop(lines: number): void;
}

/**
 * Uploads decision logs to a server as OPA does: `POST URL/logs` with a gzip-compressed JSON array.
 * https://www.openpolicyagent.org/docs/management-decision-logs
 */
export function serverSink({ url, token, fetch: send = fetch, onDrop }: DecisionLogUpload): LogSink {
  const logsUrl = `${url.replace(/\/+$/, "")}/logs`;

  const post = async (lines: string[]): Promise<void> => {
    const body = await compress(`[${lines.join(",")}]`);
    const response = await send(logsUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "content-encoding": "gzip",
        ...(token === undefined ? {} : { authorization: `Bearer ${token()}` }),
      },
      body,
      // A redirect turns a POST into a GET, whose response does not confirm the upload.
      redirect: "manual",
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    }).catch((error) => {
      throw new Error(`the server is unreachable: ${errorCode(error)}`);
    });
    await response.body?.cancel();
    if (response.ok) return;
    if (response.status !== 413) throw new Error(`the server returned status ${response.status}`);
    // The body is too large. Sends each half separately.
    if (lines.length === 1) return onDrop(1);
    const half = lines.length >> 1;
    await post(lines.slice(0, half));
    await post(lines.slice(half));
  };

  return {
    maxBatchBytes: 1024 * 1024,
    lingerMs: 1000,
    send: (chunk) => post(Buffer.from(chunk).toString().trimEnd().split("\n")),
  };
}
