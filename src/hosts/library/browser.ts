/**
 * The library for environments without files: the caller provides `bundle` (and `terraform`). docs/library.md is the
 * guide.
 *
 * @packageDocumentation
 */
import bundled from "../../../bundles/rules.json" with { type: "json" };
import about from "../../../package.json" with { type: "json" };
import type { Report, RuleInfo } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { Checker, Normalized } from "./api.ts";
import { checkerOf, checkOnce, normalizeOnce } from "./checker.ts";
import { CheckError } from "./error.ts";
import { deepFreeze } from "./freeze.ts";
import type { CheckerOptions, NormalizeOptions, RunOptions } from "./options.ts";
import { type RenderOptions, type ReportFormat, renderAs } from "./render.ts";
import type { Assets } from "./resolve.ts";

export * from "./common.ts";

/** The options of a checker; the compiled rules are required. */
export type BrowserOptions = CheckerOptions & Required<Pick<CheckerOptions, "bundle">>;

/** The version of the package. */
export const { version } = about;

/** All rules with their metadata. */
export const rules: readonly RuleInfo[] = deepFreeze(bundled as RuleInfo[]);

const assets: Assets = {
  rules: rules as RuleInfo[],
  version,
  cwd: () => "/",
  engine() {
    throw new CheckError("unloadable-module", "Pass the bytes of bundles/policy.wasm as the option bundle.");
  },
  terraform: undefined,
};

/**
 * Checks sources. Compiles the rules for each call, which takes longer than most checks: use `createChecker` for several.
 * Throws a CheckError if the arguments are invalid.
 */
export const check = (sources: Iterable<Source>, options: BrowserOptions & RunOptions): Report =>
  checkOnce(sources, options, assets);

/** Returns a checker with compiled rules. Synchronous. Throws a CheckError if the options are invalid. */
export const createChecker = (options: BrowserOptions): Checker => checkerOf(options, assets);

/** Returns the document that the rules evaluate. Throws a CheckError if the arguments are invalid. */
export const normalize = (
  sources: Iterable<Source>,
  options: NormalizeOptions & RunOptions = {},
): Normalized => normalizeOnce(sources, options, assets);

/** Returns the report in an output format of the command line. The format `text` includes problems and notices. */
export const render = (report: Report, format: ReportFormat, options: RenderOptions = {}): string =>
  renderAs(report, format, options, version);
