import { messageOf } from "../../core/model/message.ts";
import { configuredDecider } from "../../gate/configured-decider.ts";
import type { Decider } from "../../gate/decision.ts";
import { readEnvironment } from "../../session/flags/environment.ts";
import type { Io } from "../../session/host-io.ts";
import { createInvocation } from "../../session/invocation.ts";
import { protocolsRequiringContent } from "../../session/require-content.ts";
import type { FailMode } from "../../session/server-options.ts";

/** A decider for all invocations, or the reason why none can be decided. */
export type LoadedDecider = ({ decide: Decider } | { failure: string; failMode: FailMode }) & {
  /** Warnings about options that have no effect. */
  warnings?: string[];
};

/** Loads the config from environment variables and from a config file next to the function. Never throws. */
export function loadDecider(io: Io): LoadedDecider {
  // An invalid fail mode counts as closed.
  const failMode: FailMode = io.env["KEYWARDEN_FAIL_MODE"] === "open" ? "open" : "closed";
  try {
    const loaded = deciderFromEnvironment(io);
    return typeof loaded === "string" ? { failure: loaded, failMode } : loaded;
  } catch (error) {
    return { failure: messageOf(error), failMode };
  }
}

function deciderFromEnvironment(io: Io): { decide: Decider; warnings: string[] } | string {
  const environment = readEnvironment(io);
  if (typeof environment === "string") return `Invalid environment: ${environment}`;
  const { values: explicitFlags, notices } = environment;
  const invocation = createInvocation("serve", { arguments: [], explicitFlags, notices, io });
  if (typeof invocation === "string") return `Invalid options: ${invocation}`;
  const failMode = invocation.flags["fail-mode"] ?? "closed";
  if (failMode !== "closed" && failMode !== "open")
    return `Invalid options: --fail-mode: "${failMode}" is not a mode. Use closed or open.`;
  const requireContent = protocolsRequiringContent(invocation.flags["require-content"]);
  if (typeof requireContent === "string") return `Invalid options: ${requireContent}`;
  const deciderOf = configuredDecider(invocation, { failMode, requireContent });
  if (typeof deciderOf === "string") return deciderOf;
  return {
    decide: deciderOf("hooks"),
    warnings: invocation.notices.map(({ file, message }) => `${file}: ${message}`),
  };
}
