/** The exports of both entry points of the package. */

export { type KeyDescription, keyWithPolicy } from "../../core/formats/key-policy/key.ts";
export type * from "../../core/model/document.ts";
export {
  type Export,
  emptyPart,
  type Format,
  type Part,
  type TargetOptions as DeploymentTarget,
} from "../../core/model/format.ts";
export type {
  Category,
  Excerpt,
  FailOnUnknown,
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
export type {
  Json,
  Location,
  Parsed,
  Point,
  Problem,
  Range,
  Source,
  UnseenKind,
  UnseenPart,
} from "../../core/model/source.ts";
export { baselineOf } from "../../core/suppress/baseline.ts";
export type { ConfigFile, Preset } from "../../session/config/types.ts";
export type { Checker, FindingStream, Normalized } from "./api.ts";
export { CheckError, type CheckErrorCode } from "./error.ts";
export type { LoadedConfig } from "./loaded-config.ts";
export type {
  CheckerOptions,
  CheckProgress,
  NormalizeOptions,
  RunOptions,
  WasmModule,
} from "./options.ts";
export { passed, type RenderOptions, type ReportFormat } from "./render.ts";
