import { availableParallelism } from "node:os";
import type { Call } from "../../../session/invocation.ts";
import { serverSettings } from "../../../session/server-options.ts";

/** `keywarden serve`: starts the server; the process ends by a signal. */
export function serve({ names, values, given, io }: Call): number | string {
  if (names.length > 0) return `serve takes no paths: ${names.join(" ")}`;
  const settings = serverSettings(values, availableParallelism());
  if (typeof settings === "string") return settings;
  if (io.serve === undefined) return "there is no server here";
  io.serve(settings, { given, cwd: io.cwd });
  return 0;
}
