import type { Source } from "../../core/model/source.ts";
import type { Config, ConfigLayer } from "../../session/config/types.ts";

/** A config as the command line finds it, with the content of the files to which it refers. */
export class LoadedConfig {
  /** The loaded config files, in order of increasing precedence; empty if there is none. */
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
  /** In order of increasing precedence. */
  layers: ConfigLayer[];
  /** Content of the files that the flag `data` names. */
  ruleSettings: Config["settings"];
  suppressions: Source[];
  baseline?: Source;
}
