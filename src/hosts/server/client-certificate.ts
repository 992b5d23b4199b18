import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";

/** Longer chains are not trusted. */
const MAX_CHAIN_LENGTH = 16;

interface Client {
  /** The certificate of the client, followed by the intermediate certificates that it sent. */
  chain: X509Certificate[];
  /** The authorities with which the chain was verified last. */
  authorities?: readonly X509Certificate[];
  isTrusted: boolean;
}

const clients = new WeakMap<TLSSocket, Client>();

/**
 * Returns whether the client of a connection has a valid certificate of one of the authorities. OpenSSL verified the
 * certificate when the connection was established. The authorities may have changed since then, and connections last for
 * hours. Therefore each request also needs a chain of signatures to one of the current authorities. Node.js sets
 * `authorized` on every resumed TLS 1.3 session, even if the client never sent a certificate.
 */
export function hasTrustedCertificate(socket: TLSSocket, authorities: readonly X509Certificate[]): boolean {
  if (!socket.authorized) return false;
  const client = verifiedClient(socket);
  if (client.authorities !== authorities) {
    client.authorities = authorities;
    client.isTrusted = leadsTo(client.chain, authorities);
  }
  return client.isTrusted && Date.now() < Date.parse(client.chain[0]?.validTo ?? "");
}

/** Returns the certificate of the client of a connection that `hasTrustedCertificate` accepted. */
export const clientCertificate = (socket: TLSSocket): X509Certificate | undefined =>
  verifiedClient(socket).chain[0];

/** Reads the chain only once: Node.js removes certificates from a connection while it returns them. */
function verifiedClient(socket: TLSSocket): Client {
  let client = clients.get(socket);
  if (client === undefined) {
    client = { chain: chainOf(socket.getPeerX509Certificate()), isTrusted: false };
    clients.set(socket, client);
  }
  return client;
}

function chainOf(certificate: X509Certificate | undefined): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let current = certificate; current !== undefined && chain.length < MAX_CHAIN_LENGTH; ) {
    chain.push(current);
    const issuer: X509Certificate | undefined = current.issuerCertificate;
    current = issuer?.ca && isIssuer(issuer, current) ? issuer : undefined;
  }
  return chain;
}

const leadsTo = (chain: X509Certificate[], authorities: readonly X509Certificate[]): boolean =>
  chain.some((certificate) => authorities.some((authority) => isIssuer(authority, certificate)));

const isIssuer = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
