import { availableParallelism } from "node:os";
import type { Call } from "../../../session/invocation.ts";
import { serverOptions } from "../../../session/server-options.ts";

/** `keywarden serve`: starts the server; the process ends by a signal. */
export function serve({ names, values, given, io }: Call): number | string {
  if (names.length > 0) return `serve takes no paths: ${names.join(" ")}`;
  const options = serverOptions(values, availableParallelism());
  if (typeof options === "string") return options;
  if (io.serve === undefined) return "there is no server here";
  io.serve(options, { flagValues: given, cwd: io.cwd });
  return 0;
}
