/**
 * Checks AWS KMS keys from within programs: `check` and `createChecker`. docs/library.md is the guide.
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
import { frozen } from "./freeze.ts";
import { loadConfigFor } from "./load-config.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import type { CheckerOptions, ConfigRequest, NormalizeOptions, RunOptions } from "./options.ts";
import { type RenderOptions, type ReportFormat, renderAs } from "./render.ts";
import type { Assets } from "./resolve.ts";

export * from "./common.ts";
export type { ConfigRequest } from "./options.ts";

/** Of the package. */
export const { version } = about;

/** All rules, and what is to be known about each. */
export const rules: readonly RuleInfo[] = frozen(bundled as RuleInfo[]);

let engine: Engine | undefined;
let terraform: Terraform | undefined;

/** Checkers of one thread share the modules: what differs between them is given with each evaluation. */
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
        `Bundlers leave it behind: copy it, or give its bytes by the option ${name === "policy.wasm" ? "bundle" : "terraform"}.`,
      { cause },
    );
  }
}

/**
 * Checks sources. Synchronous; reads the package's modules where they are not in memory yet, and so is best for a single
 * check: `createChecker` does that once. Throws a CheckError for what the caller does wrong, never for what stands in a
 * source.
 */
export const check = (sources: Iterable<Source>, options: CheckerOptions & RunOptions = {}): Report =>
  checkOnce(sources, withoutNeed(sources, options), assets);

/** A checker, with all that it needs read. Synchronous. Throws a CheckError where the options are wrong. */
export const createChecker = (options: CheckerOptions = {}): Checker => checkerOf(options, assets);

/** What the rules would judge. Throws a CheckError for what the caller does wrong. */
export const normalize = (
  sources: Iterable<Source>,
  options: NormalizeOptions & RunOptions = {},
): Normalized => normalizeOnce(sources, withoutNeed(sources, options), assets);

/**
 * The configuration as the command line finds it: of the nearest folder that has one, or of the file that is named, with
 * the files that it names. Flags in it that concern output and exit codes mean nothing here. Reads files, and runs
 * configurations that are scripts. Throws a CheckError `invalid-config` that has each `problem`.
 */
export const loadConfig = (request: ConfigRequest = {}): LoadedConfig =>
  loadConfigFor(request, rules as RuleInfo[]);

/** Returns the report in an output format of the command line. The format `text` includes problems and notices. */
export const render = (report: Report, format: ReportFormat, options: RenderOptions = {}): string =>
  renderAs(report, format, options, version);

/** To read the module for Terraform takes longer than most checks: a check of other sources goes without. */
function withoutNeed<O extends NormalizeOptions>(sources: Iterable<Source>, options: O): O {
  if (options?.terraform !== undefined || !Array.isArray(sources)) return options;
  const needed = (sources as Source[]).some((source) => isTerraform(String(source?.path)));
  return needed ? options : { ...options, terraform: false };
}
