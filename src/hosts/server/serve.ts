/** Entry point of the server. `keywarden serve` loads it on demand. */

import { oneLine } from "../../core/model/escape.ts";
import { messageOf } from "../../core/model/message.ts";
import { encodeText } from "../../reporters/encode.ts";
import type { ServerOptions, ServerStart } from "../../session/server-options.ts";
import { DecisionServer } from "./decision-server.ts";

const EXIT_CODE_START_FAILED = 3;

/** Runs the server until a signal stops it. Exits with code 3 if the server cannot start. Never rejects. */
export async function runServer(options: ServerOptions, start: ServerStart): Promise<void> {
  // Handles signals from the start: without a handler, they do not end the first process of a container.
  let stop = (_delayMs: number): unknown => process.exit(0);
  process.on("SIGTERM", () => stop(options.shutdownDelayMs));
  // Ctrl+C needs no delay, because no load balancer is involved.
  process.once("SIGINT", () => stop(0));
  try {
    const server = new DecisionServer(options, start);
    await server.open();
    process.on("SIGHUP", () => server.reloadAll());
    stop = (delayMs) => server.stop(delayMs);
  } catch (error) {
    process.stderr.write(encodeText(`keywarden: ${oneLine(messageOf(error))}\n`));
    process.exit(EXIT_CODE_START_FAILED);
  }
}
