/** What the package exports wherever it runs. */

export type * from "../../core/model/document.ts";
export type {
  Category,
  Excerpt,
  FileSummary,
  Finding,
  Level,
  Notice,
  Report,
  RuleInfo,
  SettingSchema,
  Suppressed,
  Verdict,
} from "../../core/model/report.ts";
export type { Location, Problem, Source } from "../../core/model/source.ts";
export { baselineOf } from "../../core/suppress/baseline.ts";
export type { ConfigFile, Preset } from "../../session/config/types.ts";
export type { Checker, FindingStream, Normalized } from "./api.ts";
export { CheckError, type CheckErrorCode } from "./error.ts";
export type { LoadedConfig } from "./loaded-config.ts";
export type { CheckerOptions, NormalizeOptions, Progress, RunOptions, WasmModule } from "./options.ts";
export { passed, type RenderOptions, type ReportFormat } from "./render.ts";
