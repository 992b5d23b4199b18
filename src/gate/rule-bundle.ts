import type { RuleSettings } from "../core/engine/engine.ts";
import type { RuleInfo } from "../core/model/report.ts";

/** The rules that a server uses for its decisions. */
export interface RuleBundle {
  wasm: Uint8Array;
  rules: RuleInfo[];
  /** The revision in the bundle's manifest, or `moduleRevision(wasm)`. */
  revision: string;
  /** Rule settings of the bundle. The config takes precedence. */
  settings: RuleSettings;
}
