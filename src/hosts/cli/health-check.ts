import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { oneLine } from "../../core/model/escape.ts";
import { messageOf } from "../../core/model/message.ts";
import { encodeText } from "../../reporters/encode.ts";
import type { Io } from "../../session/host-io.ts";
import type { ServerOptions } from "../../session/server-options.ts";
import { readArguments } from "./arguments.ts";
import { main } from "./main.ts";

const TIMEOUT_MS = 3_000;

/** Returns the arguments of Keywarden in a process, from its `/proc/PID/cmdline`, or undefined for another program. */
export function argumentsOfProcess(commandLine: string): string[] | undefined {
  const words = commandLine.replace(/\0$/, "").split("\0");
  const program = words.findIndex((word) => /(^|\/)(keywarden|dist\/cli\.js)$/.test(word));
  return program < 0 ? undefined : words.slice(program + 1);
}

/**
 * Returns 0 if the server with these arguments is alive, and 1 otherwise. Finds its address as the server does, from the
 * arguments, the environment and the config. Other commands have no server, and are always healthy.
 */
export async function checkHealth(args: string[], io: Io): Promise<number> {
  const read = readArguments(args);
  if (typeof read !== "string" && read.positionals[0] !== "serve") return 0;
  let options: ServerOptions | undefined;
  const exitCode = main(args, { ...io, serve: (serverOptions) => (options = serverOptions) });
  // `main` has written why.
  if (options === undefined) return exitCode === 0 ? 0 : 1;
  const problem = await requestHealth(options).catch(messageOf);
  if (problem !== undefined) io.stderr(encodeText(`keywarden: ${oneLine(problem)}\n`));
  return problem === undefined ? 0 : 1;
}

/** Resolves with an error message, or with undefined. Rejects if the server cannot be reached. */
function requestHealth({ address, tls }: ServerOptions): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const request = (tls === undefined ? httpRequest : httpsRequest)(
      {
        ...("path" in address
          ? { socketPath: address.path }
          : { host: loopback(address.host), port: address.port }),
        path: "/health",
        signal: AbortSignal.timeout(TIMEOUT_MS),
        // The certificate has the name that clients use, and this request does not leave the container.
        rejectUnauthorized: false,
      },
      ({ statusCode }) => {
        request.destroy();
        resolve(statusCode === 200 ? undefined : `The server answered ${statusCode}.`);
      },
    );
    request.once("error", reject);
    request.end();
  });
}

/** Returns an address at which a server can be reached that listens on all addresses. */
const loopback = (host: string): string => ({ "0.0.0.0": "127.0.0.1", "::": "::1" })[host] ?? host;
