export {
  type CheckOptions,
  check,
  type Input,
  type Normalized,
  type NormalizeOptions,
  normalize,
} from "./check.ts";
export { type Engine, loadEngine } from "./engine/engine.ts";
export type { ConfigFile } from "./model/config.ts";
export type { Configuration, Entry, Files, Purpose, Refusal } from "./model/configuration.ts";
export type * from "./model/document.ts";
export type { Options } from "./model/format.ts";
export type * from "./model/report.ts";
export type { Location, Problem, Source } from "./model/source.ts";
export { type Reporter, type ReportOptions, reporters } from "./reporters/index.ts";
export { json } from "./reporters/json.ts";
export { problemsText, text } from "./reporters/text.ts";
export { baselineOf } from "./suppress/baseline.ts";
export { loadTerraform, type Terraform } from "./terraform/terraform.ts";
