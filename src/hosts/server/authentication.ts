import { createHash, timingSafeEqual, type X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { hasTrustedCertificate } from "./client-certificate.ts";

export interface Credentials {
  /** SHA-256 digests of the accepted bearer tokens; undefined if clients need no token. */
  tokens?: Buffer[];
  /** The issuers of accepted client certificates; undefined if clients need no certificate. */
  authorities?: readonly X509Certificate[];
  /** Applies if clients need neither a token nor a certificate. */
  allowUnauthenticated: boolean;
}

const MIN_TOKEN_CHARACTERS = 16;

/**
 * Reads a token file with one token per line; lines that start with # are comments. Throws an Error if there is no
 * token, or if one is too short.
 */
export function parseTokens(text: string): Buffer[] {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) throw new Error("The file has no tokens. Write one token per line.");
  const short = lines.findIndex((line) => line.length < MIN_TOKEN_CHARACTERS);
  if (short >= 0)
    throw new Error(
      `Token ${short + 1} has fewer than ${MIN_TOKEN_CHARACTERS} characters and is easy to guess.`,
    );
  return lines.map(sha256);
}

/** Returns an error message unless a request has every required kind of credentials. */
export function authenticationError(
  request: IncomingMessage,
  { tokens, authorities, allowUnauthenticated }: Credentials,
): string | undefined {
  if (authorities !== undefined && !hasTrustedCertificate(request.socket as TLSSocket, authorities))
    return "A client certificate from a trusted certificate authority is required.";
  if (tokens === undefined)
    return authorities !== undefined || allowUnauthenticated
      ? undefined
      : "Access to this path is disabled because the server has no credentials.";
  const token = bearerToken(request);
  if (token === undefined) return "A bearer token is required: Authorization: Bearer TOKEN.";
  const digest = sha256(token);
  // Compares with all tokens, so that the duration does not depend on which one matches.
  const isKnown = tokens.filter((known) => timingSafeEqual(known, digest)).length > 0;
  return isKnown ? undefined : "The bearer token is not valid.";
}

/** Returns the token in the Authorization header, which may be invalid. */
export const bearerToken = ({ headers }: IncomingMessage): string | undefined =>
  /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];

/** `timingSafeEqual` requires values of the same length, so tokens are compared by their digests. */
const sha256 = (token: string): Buffer => createHash("sha256").update(token).digest();
