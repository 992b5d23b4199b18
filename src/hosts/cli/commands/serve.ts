import { availableParallelism } from "node:os";
import type { Invocation } from "../../../session/invocation.ts";
import { serverOptions } from "../../../session/server-options.ts";
import { printProblems } from "../output.ts";

/** Runs `keywarden serve`. The server runs until a signal ends the process. */
export function serveCommand(invocation: Invocation): number | string {
  const { arguments: paths, flags, explicitFlags, io } = invocation;
  if (paths.length > 0) return `serve takes no arguments, but got: ${paths.join(" ")}`;
  const options = serverOptions(flags, availableParallelism());
  if (typeof options === "string") return options;
  if (io.serve === undefined) return "serve is not available in this environment. Use the command line.";
  if (invocation.notices.length > 0) printProblems(invocation, { problems: [], notices: invocation.notices });
  io.serve(options, { explicitFlags, cwd: io.cwd });
  return 0;
}
