export { check, type Normalized, normalize } from "./check.ts";
export { type Engine, loadEngine } from "./engine/engine.ts";
export type * from "./model/document.ts";
export type { Options } from "./model/format.ts";
export type * from "./model/report.ts";
export type { Location, Problem, Source } from "./model/source.ts";
export { json } from "./reporters/json.ts";
export { problemsText, text } from "./reporters/text.ts";
