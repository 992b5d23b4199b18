import type { Engine } from "../core/engine/engine.ts";
import type { Terraform } from "../core/formats/terraform-source/evaluator/terraform.ts";
import type { Format, TargetOptions } from "../core/model/format.ts";
import type { FailOnUnknown } from "../core/model/report.ts";
import type { Source } from "../core/model/source.ts";
import type { CheckOptions, NormalizeInputsOptions } from "../core/options.ts";
import { mergeRuleSettings, targetOptions, targetsByPath } from "./config/apply.ts";
import { levelResolver } from "./config/levels.ts";
import type { Config } from "./config/types.ts";

/** The config, and the options of a host to normalize inputs. */
export interface NormalizeParts {
  config: Config;
  /** Evaluates Terraform source. Absent: Terraform source is a problem. */
  terraform?: Terraform | undefined;
  variables?: { [name: string]: string };
  variableFiles?: string[];
  /** Custom input formats. */
  formats?: Format[];
  /** Account and Region that the host knows for a path. They take precedence over the config. */
  knownTarget?: (path: string) => TargetOptions;
}

/** The config, and the options of a host to check inputs. */
export interface CheckParts extends NormalizeParts {
  engine: Engine;
  /** Take precedence over the rule settings of the config, setting by setting. */
  ruleSettings?: Config["settings"];
  suppressions: Source[];
  baseline?: Source | undefined;
  inlineSuppressions?: boolean;
  today?: string | undefined;
  /** Takes precedence over the config. */
  failOnUnknown?: FailOnUnknown | undefined;
}

/** Returns the options of a check. Every host creates them with this function. Reads no files. */
export function assembleCheckOptions(parts: CheckParts): CheckOptions {
  const { config, engine, ruleSettings, suppressions, baseline, inlineSuppressions, today } = parts;
  const failOnUnknown = parts.failOnUnknown ?? failOnUnknownIn(config);
  return {
    ...assembleNormalizeOptions(parts),
    engine,
    settings: mergeRuleSettings(config, ruleSettings),
    levels: levelResolver(config, engine.rules),
    suppressions,
    ...(baseline === undefined ? {} : { baseline }),
    ...(inlineSuppressions === undefined ? {} : { inlineSuppressions }),
    ...(today === undefined ? {} : { today }),
    ...(failOnUnknown === undefined ? {} : { failOnUnknown }),
  };
}

function failOnUnknownIn({ flags }: Config): FailOnUnknown | undefined {
  const value = flags["fail-on-unknown"];
  return typeof value === "string" ? [value] : value;
}

/** Returns the options for normalizing inputs. */
export function assembleNormalizeOptions(parts: NormalizeParts): NormalizeInputsOptions {
  const { config, terraform, variables, variableFiles, formats, knownTarget } = parts;
  return {
    ...(knownTarget === undefined ? targetOptions(config) : { targetOf: combined(config, knownTarget) }),
    ...(terraform === undefined ? {} : { terraform }),
    ...(variables === undefined ? {} : { variables }),
    ...(variableFiles === undefined ? {} : { variableFiles }),
    ...(formats === undefined ? {} : { formats }),
  };
}

function combined(
  config: Config,
  knownTarget: (path: string) => TargetOptions,
): (path: string) => TargetOptions {
  const configured = targetsByPath(config);
  return (path) => ({ ...configured(path), ...knownTarget(path) });
}

/** Returns Terraform variables by name, from `NAME=VALUE` pairs. */
export const variablesFrom = (pairs: readonly string[]): { [name: string]: string } =>
  Object.fromEntries(
    pairs.map((pair) => {
      const end = pair.indexOf("=");
      return [pair.slice(0, end), pair.slice(end + 1)];
    }),
  );
