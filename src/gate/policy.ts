import type { RuleSettings } from "../core/engine/engine.ts";
import type { RuleInfo } from "../core/model/report.ts";

/** The rules that a server decides by. */
export interface Policy {
  wasm: Uint8Array;
  rules: RuleInfo[];
  /** What their bundle calls itself, else `revisionOf(wasm)`. */
  revision: string;
  /** What the bundle sets, below what the configuration does. */
  settings: RuleSettings;
}
