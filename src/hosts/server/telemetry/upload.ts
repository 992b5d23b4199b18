import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { errorCode } from "./error-code.ts";
import { type LogSink, WriteError } from "./queue.ts";

const compress = promisify(gzip);
const UPLOAD_TIMEOUT_MS = 10_000;
const UPLOAD_LINGER_MS = 1000;
const MAX_BATCH_BYTES = 1024 * 1024;
/** A server that rejects even smaller requests gets one decision at a time. */
const MIN_BATCH_BYTES = 16 * 1024;

export interface DecisionLogUpload {
  url: string;
  /** Returns the current bearer token. */
  token?: (() => string) | undefined;
  /** By name in lower case. */
  headers?: { [name: string]: string } | undefined;
  fetch?: typeof fetch | undefined;
  timeoutMs?: number | undefined;
  /** Time that a decision waits for others, to be sent with them. */
  lingerMs?: number | undefined;
  /** Returns a shorter line for a decision that the server rejects as too large, or undefined if there is none. */
  shorten(line: string): string | undefined;
  /** Called for each decision that is sent without its content. */
  onShorten(): void;
  /** Called for each decision that is too large even so. */
  onDrop(): void;
}

/**
 * Uploads decision logs to a server as OPA does: `POST URL/logs` with a gzip-compressed JSON array.
 * https://www.openpolicyagent.org/docs/management-decision-logs
 */
export function serverSink(upload: DecisionLogUpload): LogSink {
  const sink: LogSink = {
    maxBatchBytes: MAX_BATCH_BYTES,
    lingerMs: upload.lingerMs ?? UPLOAD_LINGER_MS,
    async send(lines) {
      let written = 0;
      let batchLength = lines.length;
      while (written < lines.length) {
        const batch = lines.slice(written, written + batchLength);
        const result = await post(batch, upload);
        if (result === "accepted") written += batch.length;
        else if (result instanceof WriteError)
          throw new WriteError(result.message, { written, retryAfterMs: result.retryAfterMs });
        else if (batch.length > 1) {
          batchLength = Math.ceil(batch.length / 2);
          // Further batches fit at once.
          const bytes = batch.reduce((sum, { length }) => sum + length, 0);
          sink.maxBatchBytes = Math.min(sink.maxBatchBytes, Math.max(MIN_BATCH_BYTES, bytes >> 1));
        } else {
          const shorter = upload.shorten(String(batch[0]));
          if (shorter === undefined) {
            upload.onDrop();
            written++;
          } else {
            lines[written] = Buffer.from(shorter);
            upload.onShorten();
          }
        }
      }
    },
  };
  return sink;
}

/** Sends one request. Never throws. */
async function post(
  lines: Buffer[],
  { url, token, headers, fetch: send = fetch, timeoutMs = UPLOAD_TIMEOUT_MS }: DecisionLogUpload,
): Promise<"accepted" | "too-large" | WriteError> {
  try {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token()}` };
    const body = await compress(`[${lines.map((line) => String(line).trimEnd()).join(",")}]`);
    const response = await send(`${url.replace(/\/+$/, "")}/logs`, {
      method: "POST",
      headers: {
        ...headers,
        ...authorization,
        "content-type": "application/json",
        "content-encoding": "gzip",
      },
      body,
      // A redirect turns a POST into a GET, whose response does not confirm the upload.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error) => {
      throw new Error(`the server is unreachable: ${errorCode(error)}`);
    });
    await response.body?.cancel();
    if (response.ok) return "accepted";
    if (response.status === 413) return "too-large";
    return new WriteError(statusMessage(response, url), { retryAfterMs: retryAfterMs(response.headers) });
  } catch (error) {
    return new WriteError(error instanceof Error ? error.message : String(error));
  }
}

function statusMessage({ status, headers }: Response, url: string): string {
  const location = headers.get("location") ?? "";
  if (status === 401 || status === 403)
    return `the server rejects the credentials (status ${status}). Check --decision-log-token-file and --decision-log-header`;
  if (status >= 300 && status < 400 && URL.canParse(location, url))
    // The query may contain credentials.
    return `the server redirects to ${new URL(location, url).origin} (status ${status}). Set --decision-log to the new URL`;
  return `the server returned status ${status}`;
}

/** Returns the pause that a server asks for, in seconds or until a date. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMs(headers: Headers): number {
  const value = headers.get("retry-after") ?? "";
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
