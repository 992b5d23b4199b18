import { errorCode } from "../telemetry/error-code.ts";

/** Limit of the compressed bundle. */
const MAX_DOWNLOAD_BYTES = 32 * 1024 * 1024;
const DOWNLOAD_TIMEOUT_MS = 30_000;

export interface BundleDownload {
  url: string;
  token?: (() => string) | undefined;
  fetch?: typeof fetch | undefined;
}

export interface DownloadedBundle {
  bytes: Uint8Array;
  etag: string | undefined;
}

/**
 * Downloads a bundle as OPA does. Returns null if the current bundle still has the `etag`. Throws an
 * Error if the server is unreachable or returns another status.
 * https://www.openpolicyagent.org/docs/management-bundles#bundle-service-api
 */
export async function downloadBundle(
  { url, token, fetch: send = fetch }: BundleDownload,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<DownloadedBundle | null> {
  const response = await send(url, {
    headers: {
      prefer: "modes=snapshot",
      ...(etag === undefined ? {} : { "if-none-match": etag }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token()}` }),
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS)]),
  }).catch((error) => {
    throw new Error(`The bundle server is unreachable: ${errorCode(error)}`);
  });
  // fetch does not send the token to another origin, but a bundle from an unencrypted connection must not be used.
  if (response.url !== "" && !isSecure(new URL(response.url))) {
    await response.body?.cancel();
    throw new Error("The bundle server redirects to an unencrypted connection");
  }
  if (response.status === 304 && etag !== undefined) return null;
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The bundle server returned status ${response.status}`);
  }
  return { bytes: await readBundle(response), etag: response.headers.get("etag") ?? undefined };
}

async function readBundle(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const chunk of response.body ?? []) {
      total += chunk.length;
      if (total > MAX_DOWNLOAD_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new Error(`The download of the bundle was interrupted: ${errorCode(error)}`);
  }
  if (total > MAX_DOWNLOAD_BYTES)
    throw new Error(`The bundle is larger than ${MAX_DOWNLOAD_BYTES / 1024 / 1024} MiB`);
  return Buffer.concat(chunks, total);
}

/** Parses the URL of a bundle. Throws an Error if it is not secure. */
export function parseBundleUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error(`The bundle URL is not a URL: ${JSON.stringify(text)}`);
  const url = new URL(text);
  if (!isSecure(url)) throw new Error("The bundle URL must start with https://, except for this machine");
  if (url.username !== "" || url.password !== "")
    throw new Error("The bundle URL must not contain a password. Use a token file");
  return url;
}

const isSecure = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" ||
  (protocol === "http:" && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname));
