import { constants, createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { messageOf } from "../../../core/model/message.ts";
import { type FileContent, SecretFileError } from "./secret.ts";

type Certificates = [X509Certificate, ...X509Certificate[]];

export interface ServerCertificate {
  cert: Buffer;
  key: Buffer;
  /** The certificate of the server, followed by its chain. */
  certificates: Certificates;
}

export interface ClientAuthorities {
  ca: Buffer;
  certificates: Certificates;
}

/**
 * Returns a certificate chain and its private key. Throws a `SecretFileError` if they do not belong together, or if an
 * expired certificate would replace a valid one. Without a previous certificate, an expired one is accepted: clients
 * reject it, and a server that does not start could report nothing.
 */
export function parseServerCertificate(
  files: FileContent[],
  previous: ServerCertificate | undefined,
): ServerCertificate {
  const [certFile, keyFile] = files as [FileContent, FileContent];
  const certificates = parseCertificates(certFile);
  const [certificate] = certificates;
  if (!certificate.checkPrivateKey(parsePrivateKey(keyFile)))
    throw new SecretFileError(
      certFile.path,
      `The certificate does not belong to the private key in "${keyFile.path}". Replace both files.`,
    );
  const expired = Date.parse(certificate.validTo) < Date.now();
  if (expired && previous !== undefined && Date.parse(previous.certificates[0].validTo) >= Date.now())
    throw new SecretFileError(
      certFile.path,
      `The certificate expired on ${isoTime(certificate.validTo)}, but the certificate in use is still valid.`,
    );
  const [cert, key] = [certFile.bytes, keyFile.bytes];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new SecretFileError(
      certFile.path,
      `The certificate or its private key cannot be used. OpenSSL reports "${messageOf(error)}".`,
    );
  }
  return { cert, key, certificates };
}

/** Returns the authorities of client certificates. OpenSSL itself would ignore everything that it cannot read. */
export const parseClientAuthorities = ([file]: [FileContent, ...unknown[]]): ClientAuthorities => ({
  ca: file.bytes,
  certificates: parseCertificates(file),
});

const BEGIN_CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g;
const CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;

function parseCertificates({ path, bytes }: FileContent): Certificates {
  const text = bytes.toString("latin1");
  const expected = text.match(BEGIN_CERTIFICATE)?.length ?? 0;
  if (expected === 0)
    throw new SecretFileError(
      path,
      bytes.length === 0 ? "The file is empty." : "The file has no certificate in PEM format.",
    );
  const blocks = text.match(CERTIFICATE) ?? [];
  if (blocks.length < expected)
    throw new SecretFileError(path, "The file is incomplete. A certificate has no end.");
  return blocks.map((block, i) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      throw new SecretFileError(
        path,
        `Certificate ${i + 1} in the file is not valid. OpenSSL reports "${messageOf(error)}".`,
      );
    }
  }) as Certificates;
}

function parsePrivateKey({ path, bytes }: FileContent): KeyObject {
  if (bytes.length === 0) throw new SecretFileError(path, "The file is empty.");
  // Node.js has different error codes for this case.
  if (/^-.*ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(bytes.toString("latin1")))
    throw new SecretFileError(path, "The private key is encrypted. Store it without a passphrase.");
  try {
    return createPrivateKey(bytes);
  } catch (error) {
    throw new SecretFileError(
      path,
      `The file has no complete private key in PEM format. OpenSSL reports "${messageOf(error)}".`,
    );
  }
}

/** Returns the TLS settings of new connections. */
export const tlsOptions = (
  { cert, key }: ServerCertificate,
  authorities: ClientAuthorities | undefined,
): SecureContextOptions => ({
  cert,
  key,
  minVersion: "TLSv1.2",
  // A resumed session would outlive the certificate that it was established with.
  ...(authorities === undefined ? {} : { ca: authorities.ca, secureOptions: constants.SSL_OP_NO_TICKET }),
});

/** Returns the time at which the first certificate of a file expires. */
export const earliestExpiry = (certificates: X509Certificate[]): Date =>
  new Date(Math.min(...certificates.map(({ validTo }) => Date.parse(validTo))));

/** Returns a warning for each certificate that has expired, or is not valid yet. */
export const validityWarnings = (certificates: X509Certificate[], now = Date.now()): string[] =>
  certificates.flatMap(({ subject, validFrom, validTo }) => {
    const name = subject?.replaceAll("\n", ", ") ?? "without a subject";
    if (Date.parse(validTo) < now) return `The certificate ${name} expired on ${isoTime(validTo)}`;
    return Date.parse(validFrom) > now
      ? `The certificate ${name} is not valid before ${isoTime(validFrom)}`
      : [];
  });

const isoTime = (text: string): string => new Date(text).toISOString();
