import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";
import type { TLSSocket } from "node:tls";
import { bearerToken, type Credentials } from "./authentication.ts";
import { clientCertificate } from "./client-certificate.ts";

/**
 * Returns the name of the client of a request, among which the server divides its resources: the verified credentials,
 * or the address if there are none. An unverified token does not count, because a client can invent as many as it likes.
 */
export const clientOf = (
  request: IncomingMessage,
  address: string,
  verified: Credentials | undefined,
): string =>
  (verified === undefined ? undefined : credentialOf(request, verified)) ?? clientOfAddress(address);

/** Returns the token, and the names in the certificate, which stay the same when it is renewed. */
function credentialOf(request: IncomingMessage, { tokens, authorities }: Credentials): string | undefined {
  const token = tokens === undefined ? undefined : bearerToken(request);
  const certificate = authorities === undefined ? undefined : clientCertificate(request.socket as TLSSocket);
  if (token === undefined && certificate === undefined) return undefined;
  return JSON.stringify({ token, subject: certificate?.subject, names: certificate?.subjectAltName });
}

/** Returns the name of a client that has only a canonical address. All clients of a Unix socket are one: they have no address. */
export const clientOfAddress = (address: string): string => `address ${network(address)}`;

/** Returns an IPv4 address, or the /64 network of an IPv6 address, which usually belongs to a single host. */
function network(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = [], tail = []] = address.split("::").map((part) => part.split(":").filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}
