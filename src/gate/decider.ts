import type { RuleSettings } from "../core/engine/engine.ts";
import { moduleRevision } from "../core/engine/revision.ts";
import { packageVersion } from "../session/assets.ts";
import { createCheckOptions } from "../session/check-options.ts";
import type { Io } from "../session/host-io.ts";
import type { Invocation } from "../session/invocation.ts";
import type { FailMode } from "../session/server-options.ts";
import { type Decide, decider } from "./decide.ts";
import { problemWords } from "./messages.ts";
import type { Policy } from "./policy.ts";

/** The package's files, those of the rules replaced by a policy's. */
export const assetsWith =
  (asset: Io["asset"], policy: Policy | undefined): Io["asset"] =>
  (path) => {
    if (path === "bundles/policy.wasm" && policy !== undefined) return policy.wasm;
    if (path === "bundles/rules.json" && policy !== undefined)
      return Buffer.from(JSON.stringify(policy.rules));
    return asset(path);
  };

/** What decides by the configuration of a call; or why nothing can. */
export function deciderFor(call: Invocation, mode: FailMode, policy?: Policy): Decide | string {
  const { loaded, flags, io } = call;
  if (loaded.problems.length > 0) return `Invalid config: ${problemWords(loaded.problems)}`;
  const options = createCheckOptions(call, flags.baseline);
  if ("summary" in options) return `${options.summary}: ${problemWords(options.problems)}`;
  const decide = decider({
    check: { ...options, settings: over(policy?.settings, options.settings) },
    mode,
    failOnWarn: flags["fail-on-warn"] === true,
    noFail: flags["no-fail"] === true,
    revision: policy?.revision ?? moduleRevision(io.asset("bundles/policy.wasm")),
    version: packageVersion(io),
  });
  // What fails for every request is better known before the first; and it gets ready what the first one needs.
  const { outcome, report } = decide([{ path: "key.json", text: SMALL }]);
  return outcome === "undecided" ? problemWords(report.problems) : decide;
}

const SMALL = '{"Resources":{"Key":{"Type":"AWS::KMS::Key","Properties":{"KeyPolicy":{"Statement":[]}}}}}';

/** Settings above others, rule by rule. */
const over = (below: RuleSettings = {}, above: RuleSettings = {}): RuleSettings =>
  Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((rule) => [
      rule,
      { ...(below[rule] as object), ...(above[rule] as object) },
    ]),
  );
