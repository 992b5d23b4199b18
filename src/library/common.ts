/** What the package exports wherever it runs. */

export type { ConfigFile, Preset } from "../model/config.ts";
export type * from "../model/document.ts";
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
} from "../model/report.ts";
export type { Location, Problem, Source } from "../model/source.ts";
export { baselineOf } from "../suppress/baseline.ts";
export type { Checker, FindingStream, Normalized } from "./api.ts";
export { CheckError, type CheckErrorCode } from "./error.ts";
export type { LoadedConfig } from "./loaded-config.ts";
export type { CheckerOptions, NormalizeOptions, Progress, RunOptions, WasmModule } from "./options.ts";
export { type Form, passed, type RenderOptions } from "./render.ts";
