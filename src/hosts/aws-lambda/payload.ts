import { utf8 } from "../../gate/media.ts";
import {
  type HttpResult,
  sendRequest,
  type UrlGuard,
  urlViolation,
  withTimeout,
} from "../../node/http-client.ts";

/** A template may have 1 MB, and comes twice, as a text in JSON; contexts of changes come beside it. */
const MOST = 32 * 2 ** 20;

/**
 * The hosts of S3: with the bucket in the name or in the path, of every partition, also dual-stack and FIPS.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
const S3 =
  /^(?:[a-z0-9][a-z0-9.-]*\.)?s3(?:-fips)?(?:\.dualstack)?(?:[.-][a-z0-9-]+)?\.amazonaws\.(?:com|com\.cn|eu)$/;

const ofS3: UrlGuard = (url) =>
  urlViolation(url) ??
  (url.port !== ""
    ? `${url.host} names a port.`
    : S3.test(url.hostname)
      ? undefined
      : `${url.hostname} is no host of S3.`);

/** What a presigned URL of S3 leads to, or why there is nothing. Tries once more; `ms` for all of it. */
export async function download(url: string, ms: number): Promise<{ text: string } | { failure: string }> {
  const all = withTimeout(ms);
  const result = await twice(url, ms, all.signal);
  all.end();
  if (result.kind === "failure") return { failure: result.message };
  if (result.status !== 200) return { failure: `S3 answers with the status ${result.status}.` };
  const text = utf8(result.body);
  return text === undefined ? { failure: "What S3 holds is no UTF-8." } : { text };
}

async function twice(url: string, ms: number, signal: AbortSignal): Promise<HttpResult> {
  const once = async () => {
    // The second attempt needs some of the time.
    const half = withTimeout(ms / 2, signal);
    const received = await sendRequest({
      url,
      guard: ofS3,
      maxBytes: MOST,
      maxRedirects: 2,
      signal: half.signal,
    });
    half.end();
    return received;
  };
  const first = await once();
  return mayGoBetter(first) && !signal.aborted ? once() : first;
}

const mayGoBetter = (result: HttpResult): boolean =>
  result.kind === "failure" ? result.retryable : result.status >= 500 || result.status === 429;
