import type { RuleSettings } from "../core/engine/engine.ts";
import { moduleRevision } from "../core/engine/revision.ts";
import { packageVersion } from "../session/assets.ts";
import { createCheckOptions } from "../session/check-options.ts";
import type { Io } from "../session/host-io.ts";
import type { Invocation } from "../session/invocation.ts";
import type { ServerOptions } from "../session/server-options.ts";
import { createDecider, type Decider } from "./decision.ts";
import { problemsMessage } from "./messages.ts";
import type { RuleBundle } from "./rule-bundle.ts";

/** Returns a reader of the package's files that takes the rules from a bundle, if there is one. */
export const assetsWithBundle =
  (asset: Io["asset"], bundle: RuleBundle | undefined): Io["asset"] =>
  (path) => {
    if (path === "bundles/policy.wasm" && bundle !== undefined) return bundle.wasm;
    if (path === "bundles/rules.json" && bundle !== undefined)
      return Buffer.from(JSON.stringify(bundle.rules));
    return asset(path);
  };

/** Returns the decider of a protocol. */
export type DeciderByProtocol = (protocol: string) => Decider;

/** Returns the deciders for the config of an invocation, or an error message. */
export function configuredDecider(
  invocation: Invocation,
  { failMode, requireContent }: Pick<ServerOptions, "failMode" | "requireContent">,
  bundle?: RuleBundle,
): DeciderByProtocol | string {
  const { loaded, flags, io } = invocation;
  if (loaded.problems.length > 0) return `Invalid config: ${problemsMessage(loaded.problems)}`;
  const options = createCheckOptions(invocation, flags.baseline);
  if ("summary" in options) return `${options.summary}: ${problemsMessage(options.problems)}`;
  const common = {
    check: { ...options, settings: mergeSettings(bundle?.settings, options.settings) },
    failMode,
    failOnWarn: flags["fail-on-warn"] === true,
    noFail: flags["no-fail"] === true,
    revision: bundle?.revision ?? moduleRevision(io.asset("bundles/policy.wasm")),
    version: packageVersion(io),
  };
  const decide = createDecider({ ...common, requireContent: false });
  const decideStrictly = createDecider({ ...common, requireContent: true });
  // Detects errors that would affect every request, and compiles the rules before the first request.
  const { report } = decide([{ path: "key.json", text: SAMPLE_TEMPLATE }]);
  if (report.problems.length > 0) return problemsMessage(report.problems);
  return (protocol) => (requireContent.includes(protocol) ? decideStrictly : decide);
}

const SAMPLE_TEMPLATE =
  '{"Resources":{"Key":{"Type":"AWS::KMS::Key","Properties":{"KeyPolicy":{"Statement":[]}}}}}';

/** Merges rule settings per rule. `overrides` take precedence over `base`. */
const mergeSettings = (base: RuleSettings = {}, overrides: RuleSettings = {}): RuleSettings =>
  Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(overrides)])].map((rule) => [
      rule,
      { ...(base[rule] as object), ...(overrides[rule] as object) },
    ]),
  );
