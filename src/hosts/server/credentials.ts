import { constants } from "node:crypto";
import type { SecureContextOptions } from "node:tls";
import { readBytes } from "../../node/files.ts";
import { isLocal, type ServerOptions } from "../../session/server-options.ts";
import { type Credentials, tokensIn } from "./authentication.ts";

type Files = Pick<ServerOptions, "tls" | "clientCa" | "tokenFile">;
type Named = Files & Pick<ServerOptions, "address">;

/** What is in the files, which may change. */
export interface Secrets {
  credentials: Credentials;
  /** Undefined where the server speaks plain HTTP. */
  tls?: SecureContextOptions;
}

/** The files that are read, to be watched. */
export const secretFiles = ({ tls, clientCa, tokenFile }: Files): string[] =>
  [tls?.cert, tls?.key, clientCa, tokenFile].filter((path) => path !== undefined);

/** Reads the tokens and certificates. Throws an Error where one cannot be read, or holds none. */
export function readSecrets({ tls, clientCa, tokenFile, address }: Named): Secrets {
  const tokens =
    tokenFile === undefined ? undefined : tokensIn(Buffer.from(readBytes(tokenFile)).toString(), tokenFile);
  return {
    credentials: {
      certificates: clientCa !== undefined,
      everyone: isLocal(address),
      ...(tokens === undefined ? {} : { tokens }),
    },
    ...(tls === undefined
      ? {}
      : {
          tls: {
            cert: Buffer.from(readBytes(tls.cert)),
            key: Buffer.from(readBytes(tls.key)),
            minVersion: "TLSv1.2" as const,
            ...(clientCa === undefined ? {} : clientsOf(clientCa)),
          },
        }),
  };
}

/** Each connection shows its certificate: a session that is taken up again would outlive it. */
const clientsOf = (path: string): SecureContextOptions => ({
  ca: Buffer.from(readBytes(path)),
  secureOptions: constants.SSL_OP_NO_TICKET,
});
