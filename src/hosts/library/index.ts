/**
 * Checks AWS KMS keys in programs: `check` and `createChecker`. docs/library.md is the guide.
 *
 * @packageDocumentation
 */
import bundled from "../../../bundles/rules.json" with { type: "json" };
import about from "../../../package.json" with { type: "json" };
import { type Engine, loadEngine } from "../../core/engine/engine.ts";
import { loadTerraform, type Terraform } from "../../core/formats/terraform-source/evaluator/terraform.ts";
import type { Report, RuleInfo } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import { isTerraform } from "../../core/model/terraform-module.ts";
import { packageFile } from "../../node/package.ts";
import type { Checker, Normalized } from "./api.ts";
import { checkerOf, checkOnce, normalizeOnce } from "./checker.ts";
import { CheckError } from "./error.ts";
import { deepFreeze } from "./freeze.ts";
import { loadConfigFor } from "./load-config.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import type { CheckerOptions, LoadConfigOptions, NormalizeOptions, RunOptions } from "./options.ts";
import { type RenderOptions, type ReportFormat, renderAs } from "./render.ts";
import type { Assets } from "./resolve.ts";

export * from "./common.ts";
export type { LoadConfigOptions } from "./options.ts";

/** The version of the package. */
export const { version } = about;

/** All rules with their metadata. */
export const rules: readonly RuleInfo[] = deepFreeze(bundled as RuleInfo[]);

let engine: Engine | undefined;
let terraform: Terraform | undefined;

/** The checkers of one thread share the modules. Each evaluation has the settings of its checker. */
const assets: Assets = {
  rules: rules as RuleInfo[],
  version,
  cwd: () => process.cwd(),
  engine: () => (engine ??= loadEngine(asset("policy.wasm")(), rules as RuleInfo[])),
  terraform: () => {
    if (terraform !== undefined) return terraform;
    terraform = loadTerraform(asset("terraform.wasm"));
    return terraform;
  },
};

function asset(name: string): () => Uint8Array {
  try {
    return packageFile(import.meta.url, `bundles/${name}`);
  } catch (cause) {
    throw new CheckError(
      "unloadable-module",
      `${(cause as Error).message}. ` +
        `Bundlers don't include it: copy it, or pass its bytes as the option ${name === "policy.wasm" ? "bundle" : "terraform"}.`,
      { cause },
    );
  }
}

/**
 * Checks sources. Synchronous. Prepares a checker for each call: use `createChecker` for several checks. Throws a
 * CheckError if the arguments are invalid, and never because of the content of a source.
 */
export const check = (sources: Iterable<Source>, options: CheckerOptions & RunOptions = {}): Report =>
  checkOnce(sources, withoutUnusedTerraform(sources, options), assets);

/** Returns a checker with everything that it needs in memory. Synchronous. Throws a CheckError if the options are invalid. */
export const createChecker = (options: CheckerOptions = {}): Checker => checkerOf(options, assets);

/** Returns the document that the rules evaluate. Throws a CheckError if the arguments are invalid. */
export const normalize = (
  sources: Iterable<Source>,
  options: NormalizeOptions & RunOptions = {},
): Normalized => normalizeOnce(sources, withoutUnusedTerraform(sources, options), assets);

/**
 * Loads the config that the command line would use: of the nearest directory that has one, or of `file`. Reads the
 * suppression files, the baseline and the data files that it names, and runs configs that are scripts. The library
 * ignores flags for outputs and exit codes. Throws a CheckError `invalid-config` with all `problems`.
 */
export const loadConfig = (request: LoadConfigOptions = {}): LoadedConfig =>
  loadConfigFor(request, rules as RuleInfo[]);

/** Returns the report in an output format of the command line. The format `text` includes problems and notices. */
export const render = (report: Report, format: ReportFormat, options: RenderOptions = {}): string =>
  renderAs(report, format, options, version);

/** Reading the Terraform evaluator takes longer than most checks, so a check without Terraform source does not read it. */
function withoutUnusedTerraform<O extends NormalizeOptions>(sources: Iterable<Source>, options: O): O {
  if (options?.terraform !== undefined || !Array.isArray(sources)) return options;
  const needed = (sources as Source[]).some((source) => isTerraform(String(source?.path)));
  return needed ? options : { ...options, terraform: false };
}
