/**
 * The same where there are no files: the caller fetches `bundle` (and `terraform`). docs/library.md is the guide.
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
import { frozen } from "./freeze.ts";
import type { CheckerOptions, NormalizeOptions, RunOptions } from "./options.ts";
import { type RenderOptions, type ReportFormat, renderAs } from "./render.ts";
import type { Assets } from "./resolve.ts";

export * from "./common.ts";

/** The options of a checker; the compiled rules have to be given. */
export type BrowserOptions = CheckerOptions & Required<Pick<CheckerOptions, "bundle">>;

/** Of the package. */
export const { version } = about;

/** All rules, and what is to be known about each. */
export const rules: readonly RuleInfo[] = frozen(bundled as RuleInfo[]);

const assets: Assets = {
  rules: rules as RuleInfo[],
  version,
  cwd: () => "/",
  engine() {
    throw new CheckError("unloadable-module", "Give the option bundle: the bytes of bundles/policy.wasm.");
  },
  terraform: undefined,
};

/** Checks sources. To compile the rules takes longer than most checks: for several there is `createChecker`. */
export const check = (sources: Iterable<Source>, options: BrowserOptions & RunOptions): Report =>
  checkOnce(sources, options, assets);

/** A checker, with the rules compiled. Synchronous. Throws a CheckError where the options are wrong. */
export const createChecker = (options: BrowserOptions): Checker => checkerOf(options, assets);

/** What the rules would judge. Throws a CheckError for what the caller does wrong. */
export const normalize = (
  sources: Iterable<Source>,
  options: NormalizeOptions & RunOptions = {},
): Normalized => normalizeOnce(sources, options, assets);

/** Returns the report in an output format of the command line. The format `text` includes problems and notices. */
export const render = (report: Report, format: ReportFormat, options: RenderOptions = {}): string =>
  renderAs(report, format, options, version);
