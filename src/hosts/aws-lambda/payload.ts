import { utf8ToString } from "../../gate/media.ts";
import {
  type HttpResult,
  isTransient,
  sendRequest,
  type UrlGuard,
  urlViolation,
  withTimeout,
} from "../../node/http-client.ts";

/** A payload contains two templates of up to 1 MB each as JSON strings, and the contexts of changes. */
const MAX_PAYLOAD_BYTES = 32 * 2 ** 20;
const MAX_REDIRECTS = 2;

/**
 * Matches the hosts of Amazon S3 in all partitions, with the bucket in the name or in the path, including dual-stack
 * and FIPS endpoints.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
const S3_HOST =
  /^(?:[a-z0-9][a-z0-9.-]*\.)?s3(?:-fips)?(?:\.dualstack)?(?:[.-][a-z0-9-]+)?\.amazonaws\.(?:com|com\.cn|eu)$/;

const s3Guard: UrlGuard = (url) =>
  urlViolation(url) ??
  (url.port !== ""
    ? `The URL of ${url.host} contains a port.`
    : S3_HOST.test(url.hostname)
      ? undefined
      : `${url.hostname} is not an Amazon S3 host.`);

/**
 * Downloads the content of a presigned Amazon S3 URL. Retries once. `timeoutMs` applies to both attempts together.
 */
export async function downloadPayload(
  url: string,
  timeoutMs: number,
): Promise<{ text: string } | { failure: string }> {
  const total = withTimeout(timeoutMs);
  const received = await sendWithRetry(url, timeoutMs, total.signal);
  total.end();
  if (received.kind === "failure") return { failure: received.message };
  if (received.status !== 200) return { failure: `Amazon S3 returned status ${received.status}.` };
  const text = utf8ToString(received.body);
  return text === undefined ? { failure: "The object in Amazon S3 is not UTF-8." } : { text };
}

async function sendWithRetry(url: string, timeoutMs: number, signal: AbortSignal): Promise<HttpResult> {
  const attempt = async () => {
    // Leaves time for the second attempt.
    const half = withTimeout(timeoutMs / 2, signal);
    const received = await sendRequest({
      url,
      guard: s3Guard,
      maxBytes: MAX_PAYLOAD_BYTES,
      maxRedirects: MAX_REDIRECTS,
      signal: half.signal,
    });
    half.end();
    return received;
  };
  const first = await attempt();
  return isTransient(first) && !signal.aborted ? attempt() : first;
}
