import { errorCode } from "../telemetry/reason.ts";

/** Of a bundle as it is served. */
const LONGEST = 32 * 1024 * 1024;
const TIMEOUT = 30_000;

export interface Download {
  url: string;
  token?: (() => string) | undefined;
  fetch?: typeof fetch | undefined;
}

export interface Downloaded {
  bytes: Uint8Array;
  etag: string | undefined;
}

/** Why nothing came, and whether it may next time. */
export class Unavailable extends Error {}

/**
 * Asks for a bundle as OPA does. Null where it is still the one with the `etag`. Throws an `Unavailable` where the
 * server cannot be reached or answers otherwise.
 * https://www.openpolicyagent.org/docs/management-bundles#bundle-service-api
 */
export async function download(
  { url, token, fetch: send = fetch }: Download,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<Downloaded | null> {
  const response = await send(url, {
    headers: {
      prefer: "modes=snapshot",
      ...(etag === undefined ? {} : { "if-none-match": etag }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token()}` }),
    },
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  }).catch((error) => {
    throw new Unavailable(`The server of bundles cannot be reached: ${errorCode(error)}`);
  });
  // fetch takes the token out where a redirect leaves the origin; an answer on the way in clear is still no bundle.
  if (response.url !== "" && !isSafe(new URL(response.url))) {
    await response.body?.cancel();
    throw new Unavailable("The server of bundles redirects to where anybody may change the answer");
  }
  if (response.status === 304 && etag !== undefined) return null;
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Unavailable(`The server of bundles answers ${response.status}`);
  }
  return { bytes: await read(response), etag: response.headers.get("etag") ?? undefined };
}

async function read(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const chunk of response.body ?? []) {
      total += chunk.length;
      if (total > LONGEST) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new Unavailable(`The server of bundles broke off: ${errorCode(error)}`);
  }
  if (total > LONGEST) throw new Unavailable(`The bundle is larger than ${LONGEST / 1024 / 1024} MiB`);
  return Buffer.concat(chunks, total);
}

/** Throws an Error where a bundle must not come from there. */
export function checkUrl(text: string): URL {
  if (!URL.canParse(text)) throw new Error(`The bundle's URL is no URL: ${JSON.stringify(text)}`);
  const url = new URL(text);
  if (!isSafe(url))
    throw new Error("The bundle's URL has to begin with https://, unless it is of this machine");
  if (url.username !== "" || url.password !== "")
    throw new Error("The bundle's URL holds a password: give a token in a file");
  return url;
}

const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" ||
  (protocol === "http:" && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname));
