import { setFlagsFromString } from "node:v8";
import { loadEngine } from "../core/engine/engine.ts";
import { loadTerraform, type Terraform } from "../core/formats/terraform-source/evaluator/terraform.ts";
import { bounded } from "../core/formats/terraform-source/evaluator/wasm.ts";
import type { Problem } from "../core/model/source.ts";
import type { CheckOptions, NormalizeInputsOptions } from "../core/options.ts";
import {
  assembleCheckOptions,
  assembleNormalizeOptions,
  type NormalizeParts,
  variablesFrom,
} from "./assemble.ts";
import { bundledRules } from "./assets.ts";
import type { Io } from "./host-io.ts";
import type { Invocation } from "./invocation.ts";
import { readReferencedFiles } from "./read-files.ts";

/** Why a check cannot start. */
export interface SetupFailure {
  /** Precedes each problem in messages. */
  summary: string;
  problems: Problem[];
}

/** Returns the options of a check, or why it cannot start. `baseline`: path of the file with known findings. */
export function createCheckOptions(
  invocation: Invocation,
  baseline: string | undefined,
): CheckOptions | SetupFailure {
  const { flags, io, loaded } = invocation;
  const { pages } = io;
  const { cwd, suppressions } = loaded.config;
  const rules = bundledRules(io);
  const files = readReferencedFiles({ cwd, suppressions, baseline, data: flags.data ?? [] }, rules);
  if (files.settingProblems.length > 0)
    return { summary: "invalid rule settings", problems: files.settingProblems };
  if (files.readProblems.length > 0) return { summary: "cannot read", problems: files.readProblems };
  return assembleCheckOptions({
    ...normalizeParts(invocation),
    engine: loadEngine(
      io.asset("bundles/policy.wasm"),
      rules,
      pages === undefined ? {} : { maxMemoryPages: pages },
    ),
    ruleSettings: files.ruleSettings,
    suppressions: files.suppressions,
    baseline: files.baseline,
    failOnUnknown: flags["fail-on-unknown"],
    inlineSuppressions: flags["no-inline-suppressions"] !== true,
  });
}

export const createNormalizeOptions = (invocation: Invocation): NormalizeInputsOptions =>
  assembleNormalizeOptions(normalizeParts(invocation));

const normalizeParts = ({ flags, loaded, io }: Invocation): NormalizeParts => ({
  config: loaded.config,
  terraform: terraformOf(io),
  variables: variablesFrom(flags.var ?? []),
  variableFiles: flags["var-file"] ?? [],
});

function terraformOf(io: Io): Terraform {
  return loadTerraform(() => {
    // Most runs end before V8 has optimized a Go program. Without optimizing, a small directory takes a third of the
    // time, and 3,000 resources take two thirds.
    if (io.longRunning !== true) setFlagsFromString("--liftoff-only");
    const module = io.asset("bundles/terraform.wasm");
    return io.pages === undefined ? module : bounded(module, io.pages);
  });
}
