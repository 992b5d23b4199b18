import type { Source } from "../../core/model/source.ts";
import type { Config, ConfigSource } from "../../session/config/types.ts";

/** A configuration as the command line finds it, with the files that it names read. */
export class LoadedConfig {
  /** The files that it is made of, the weakest first; none where no configuration was found. */
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
  /** What paths of inputs are relative to, absolute. */
  cwd: string;
  files: string[];
  /** The weakest first. */
  sources: ConfigSource[];
  /** What the flag `data` names. */
  settings: Config["settings"];
  suppressions: Source[];
  baseline?: Source;
}
