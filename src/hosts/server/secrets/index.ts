import type { ServerOptions } from "../../../session/server-options.ts";
import { parseTokens } from "../authentication.ts";
import { createVerifier } from "../bundle/signature.ts";
import { parseClientAuthorities, parseServerCertificate } from "./certificates.ts";
import { type FileContent, ReloadableSecret, type SecretSource } from "./secret.ts";

export type Secrets = ReturnType<typeof readSecrets>;

type SecretFiles = Pick<
  ServerOptions,
  "tls" | "clientCa" | "tokenFile" | "bundle" | "runTask" | "decisionLog"
>;

/**
 * Reads every secret file that the options name. Each secret is reloaded on its own, so that a broken certificate does
 * not keep a revoked token alive. Throws a `SecretFileError` if a file cannot be used.
 */
export const readSecrets = ({ tls, clientCa, tokenFile, bundle, runTask, decisionLog }: SecretFiles) => ({
  tokens: read("token file", [tokenFile], ([file]) => parseTokens(textOf(file))),
  certificate: read("server certificate", [tls?.cert, tls?.key], parseServerCertificate),
  clientAuthorities: read("client CA", [clientCa], parseClientAuthorities),
  bundleVerifier: read("bundle key", [bundle?.keyFile], ([file]) =>
    createVerifier({ publicKeys: textOf(file) }),
  ),
  bundleToken: read("bundle token", [bundle?.tokenFile], parseToken),
  runTaskKey: read("run task key", [runTask?.keyFile], ([file]) => textOf(file)),
  decisionLogToken: read("decision log token", [decisionLog?.tokenFile], parseToken),
});

/** Returns undefined if a path is not set. */
function read<T>(
  name: string,
  paths: (string | undefined)[],
  parse: SecretSource<T>["parse"],
): ReloadableSecret<T> | undefined {
  return paths.every((path) => path !== undefined) ? new ReloadableSecret({ name, paths, parse }) : undefined;
}

/** Returns the text without surrounding white space. Throws an Error if there is none. */
function textOf({ bytes }: FileContent): string {
  const text = bytes.toString().trim();
  if (text === "") throw new Error("The file is empty.");
  return text;
}

/** Returns a token that is sent to another server. */
function parseToken([file]: [FileContent, ...FileContent[]]): string {
  const token = textOf(file);
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Error(
      "The file does not contain exactly one token without spaces, line breaks and non-ASCII characters.",
    );
  return token;
}
