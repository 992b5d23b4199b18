import { constants } from "node:crypto";
import type { SecureContextOptions } from "node:tls";
import { readBytes } from "../../node/files.ts";
import { isLocal, type ServerOptions } from "../../session/server-options.ts";
import { type Credentials, parseTokens } from "./authentication.ts";

type SecretFiles = Pick<ServerOptions, "tls" | "clientCa" | "tokenFile">;

/** The content of the token and certificate files, which may change while the server runs. */
export interface LoadedSecrets {
  credentials: Credentials;
  /** Undefined for plain HTTP. */
  tls?: SecureContextOptions;
}

/** Returns the paths of the token and certificate files to watch. */
export const secretFiles = ({ tls, clientCa, tokenFile }: SecretFiles): string[] =>
  [tls?.cert, tls?.key, clientCa, tokenFile].filter((path) => path !== undefined);

/** Reads tokens and certificates. Throws an Error if a file cannot be read or has no token. */
export function readSecrets({
  tls,
  clientCa,
  tokenFile,
  address,
}: SecretFiles & Pick<ServerOptions, "address">): LoadedSecrets {
  const tokens =
    tokenFile === undefined
      ? undefined
      : parseTokens(Buffer.from(readBytes(tokenFile)).toString(), tokenFile);
  return {
    credentials: {
      requireCertificate: clientCa !== undefined,
      allowUnauthenticated: isLocal(address),
      ...(tokens === undefined ? {} : { tokens }),
    },
    ...(tls === undefined
      ? {}
      : {
          tls: {
            cert: Buffer.from(readBytes(tls.cert)),
            key: Buffer.from(readBytes(tls.key)),
            minVersion: "TLSv1.2" as const,
            ...(clientCa === undefined ? {} : clientCertificateOptions(clientCa)),
          },
        }),
  };
}

/** Disables session tickets: a resumed session would outlive the certificate that it was established with. */
const clientCertificateOptions = (path: string): SecureContextOptions => ({
  ca: Buffer.from(readBytes(path)),
  secureOptions: constants.SSL_OP_NO_TICKET,
});
