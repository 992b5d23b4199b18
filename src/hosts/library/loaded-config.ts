import type { Source } from "../../core/model/source.ts";
import type { Config, ConfigLayer } from "../../session/config/types.ts";

/** A config as the command line finds it, with the content of the files to which it refers. */
export class LoadedConfig {
  /** The config files that were loaded, the weakest first; empty if there is none. */
  readonly files: readonly string[];
  readonly #parts: ConfigParts;

  /** @internal */
  constructor(parts: ConfigParts) {
    this.files = Object.freeze(parts.files);
    this.#parts = parts;
    Object.freeze(this);
  }

  /** @internal */
  static partsOf(config: LoadedConfig): ConfigParts {
    return config.#parts;
  }
}

/** @internal */
export interface ConfigParts {
  /** Absolute directory to which paths of inputs are relative. */
  cwd: string;
  files: string[];
  /** The weakest first. */
  layers: ConfigLayer[];
  /** Content of the files that the flag `data` names. */
  ruleSettings: Config["settings"];
  suppressions: Source[];
  baseline?: Source;
}
