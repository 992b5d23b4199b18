import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/** Longer chains are not trusted. */
const MAX_CHAIN_LENGTH = 16;

const verified = new WeakMap<TLSSocket, { authorities: readonly X509Certificate[]; expires: number }>();

/**
 * Returns whether the client of a connection has a valid certificate of one of the authorities. OpenSSL verified the
 * certificate when the connection was established. The authorities may have changed since then, and connections last for
 * hours. Therefore each request also needs a chain of signatures to one of the current authorities. Node.js sets
 * `authorized` on every resumed TLS 1.3 session, even if the client never sent a certificate.
 */
export function hasTrustedCertificate(socket: TLSSocket, authorities: readonly X509Certificate[]): boolean {
  if (!socket.authorized) return false;
  let result = verified.get(socket);
  if (result?.authorities !== authorities) {
    const certificate = socket.getPeerX509Certificate();
    const isTrusted = certificate !== undefined && leadsTo(certificate, authorities);
    result = { authorities, expires: isTrusted ? Date.parse(certificate.validTo) : 0 };
    verified.set(socket, result);
  }
  return Date.now() < result.expires;
}

function leadsTo(certificate: X509Certificate, authorities: readonly X509Certificate[]): boolean {
  let current = certificate;
  for (let length = 0; length < MAX_CHAIN_LENGTH; length++) {
    if (authorities.some((authority) => isIssuer(authority, current))) return true;
    const issuer = current.issuerCertificate;
    if (issuer === undefined || !issuer.ca || !isIssuer(issuer, current)) return false;
    current = issuer;
  }
  return false;
}

const isIssuer = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
