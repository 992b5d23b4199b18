import { messageOf } from "../../core/model/message.ts";
import type { Decide } from "../../gate/decide.ts";
import { deciderFor } from "../../gate/decider.ts";
import { readEnvironment } from "../../session/flags/environment.ts";
import type { Io } from "../../session/host-io.ts";
import { createInvocation } from "../../session/invocation.ts";
import type { FailMode } from "../../session/server-options.ts";

/** How invocations are decided, or why none can be. */
export type Configured = ({ decide: Decide } | { failure: string; mode: FailMode }) & {
  /** What does not take effect and might have been meant to. */
  remarks?: string[];
};

/** From the environment, and from a configuration that lies beside the function. Never throws. */
export function configured(io: Io): Configured {
  // A mode that cannot be read is the strict one.
  const mode: FailMode = io.env["KEYWARDEN_FAIL_MODE"] === "open" ? "open" : "closed";
  try {
    const made = decideFor(io);
    return typeof made === "string" ? { failure: made, mode } : made;
  } catch (error) {
    return { failure: messageOf(error), mode };
  }
}

function decideFor(io: Io): { decide: Decide; remarks: string[] } | string {
  const environment = readEnvironment(io);
  if (typeof environment === "string") return `Invalid environment: ${environment}`;
  const { values: explicitFlags, notices } = environment;
  const invocation = createInvocation("serve", { arguments: [], explicitFlags, notices, io });
  if (typeof invocation === "string") return `Invalid options: ${invocation}`;
  const mode = invocation.flags["fail-mode"] ?? "closed";
  if (mode !== "closed" && mode !== "open")
    return `Invalid options: --fail-mode: "${mode}" is not a mode. Use closed or open.`;
  const decide = deciderFor(invocation, mode);
  if (typeof decide === "string") return decide;
  return { decide, remarks: notices.map(({ file, message }) => `${file}: ${message}`) };
}
