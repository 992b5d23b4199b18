import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";

export interface Credentials {
  /** Digests of the bearer tokens that are good; undefined where clients need none. */
  tokens?: Buffer[];
  /** Clients need a certificate. */
  certificates: boolean;
  /** Where clients need neither: whether they may ask nevertheless. */
  everyone: boolean;
}

/** The tokens of a file, one a line; lines that start with # are remarks. Throws an Error where there is none. */
export function tokensIn(text: string, path: string): Buffer[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) throw new Error(`${path} holds no token: write one a line`);
  const short = lines.findIndex((line) => line.length < 16);
  if (short >= 0)
    throw new Error(`${path}: token ${short + 1} has less than 16 characters and can be guessed`);
  return lines.map(digest);
}

/** Whether a client may ask: what is wrong with it if not. Each kind of credential that is asked for has to be there. */
export function refusalOf(
  request: IncomingMessage,
  { tokens, certificates, everyone }: Credentials,
): string | undefined {
  if (certificates && !isCertified(request.socket as TLSSocket))
    return "A client certificate of an authority that the server trusts is needed.";
  if (tokens === undefined) return certificates || everyone ? undefined : "Nobody may ask for this path.";
  const [, given] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
  if (given === undefined) return "A token is needed: Authorization: Bearer TOKEN.";
  const own = digest(given);
  // All are looked at: how long it takes says nothing about which one is close.
  const known = tokens.filter((token) => timingSafeEqual(token, own)).length > 0;
  return known ? undefined : "The token is not known.";
}

/** Node says `authorized` of every session of TLS 1.3 that is taken up again, also where it never had a certificate. */
const isCertified = (socket: TLSSocket): boolean =>
  socket.authorized && socket.getPeerX509Certificate() !== undefined;

/** Of one length, whatever the token's. */
const digest = (token: string): Buffer => createHash("sha256").update(token).digest();
