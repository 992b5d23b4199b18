import { type Engine, loadEngine } from "../../core/engine/engine.ts";
import { loadTerraform, type Terraform } from "../../core/formats/terraform-source/evaluator/terraform.ts";
import { compile, evaluates } from "../../core/formats/terraform-source/evaluator/wasm.ts";
import type { RuleInfo } from "../../core/model/report.ts";
import type { Source } from "../../core/model/source.ts";
import type { CheckOptions, NormalizeOptions as Normalizing } from "../../core/options.ts";
import { ignoredBy, levelsOf, placesOf, settingsFor } from "../../session/config/apply.ts";
import { merged } from "../../session/config/merge.ts";
import type { Config, ConfigFile } from "../../session/config/types.ts";
import { partsOfPlain, sourcesOf, variablesIn } from "./config.ts";
import { CheckError } from "./error.ts";
import { type ConfigParts, LoadedConfig } from "./loaded-config.ts";
import type { CheckerOptions, NormalizeOptions } from "./options.ts";
import { testedOptions, validated } from "./validate.ts";

/** What the package has where it runs. */
export interface Assets {
  rules: RuleInfo[];
  version: string;
  /** What the globs of a configuration start at that stands in no file. */
  cwd(): string;
  /** The compiled rules; throws where they are not at hand. */
  engine(): Engine;
  /** The evaluator of Terraform's source; undefined where the caller has to bring it. */
  terraform: (() => Terraform) | undefined;
}

/** What the options of a checker mean, with all that has to be read. Throws a CheckError. */
export interface Resolved {
  check: CheckOptions;
  ignores: (path: string) => boolean;
}

export function resolve(options: CheckerOptions, assets: Assets): Resolved {
  const { rules = assets.rules, bundle, suppressions, baseline, today } = testedOptions(options);
  if (options.rules !== undefined && bundle === undefined)
    throw new CheckError("invalid-option", "rules describe a bundle, and there is none: give both.");
  const { config, parts, said } = configured(options, rules, assets);
  const engine = bundle === undefined ? assets.engine() : loaded(bundle, structuredClone([...rules]));
  const known = baseline === undefined ? parts.baseline : copied(baseline);
  const ignored = ignoredBy(config);
  return {
    check: {
      ...normalizing(options, config, assets),
      engine,
      // What the flag `data` gives comes over the configuration, and what the program says over both.
      settings: settingsFor(config, settingsFor({ settings: parts.settings }, said.settings)),
      levels: levelsOf(config, [...rules]),
      suppressions: suppressions?.map(copied) ?? parts.suppressions,
      ...(known === undefined ? {} : { baseline: known }),
      ...(today === undefined ? {} : { today }),
    },
    ignores: (path) => ignored.test(path),
  };
}

/** What the caller changes later changes no checker. */
const copied = ({ path, text }: Source): Source => ({ path, text });

/** The same, of what reading alone needs. */
export const resolveNormalizing = (options: NormalizeOptions, assets: Assets): Normalizing =>
  normalizing(options, configured(testedOptions(options), assets.rules, assets).config, assets);

function configured(options: CheckerOptions, rules: readonly RuleInfo[], assets: Assets) {
  const said = validated(options, rules);
  const { config = {} } = options;
  const parts: ConfigParts =
    config instanceof LoadedConfig
      ? LoadedConfig.partsOf(config)
      : partsOfPlain(config as ConfigFile, rules, assets.cwd());
  const { cwd } = parts;
  return { said, parts, config: merged(cwd, [...parts.sources, ...sourcesOf(said, cwd)]) };
}

function normalizing(options: NormalizeOptions, config: Config, assets: Assets): Normalizing {
  const terraform = terraformFor(options.terraform, assets);
  const { variables, files } = variablesIn(config);
  return {
    ...placesOf(config),
    ...(terraform === undefined ? {} : { terraform }),
    variables: { ...variables, ...options.variables },
    variableFiles: [...files, ...(options.variableFiles ?? [])],
    ...(options.formats === undefined ? {} : { formats: [...options.formats] }),
  };
}

function loaded(bundle: object, rules: RuleInfo[]): Engine {
  try {
    return loadEngine(bundle, rules);
  } catch (cause) {
    throw new CheckError(
      "unloadable-module",
      `bundle is no module of compiled rules: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

function terraformFor(given: NormalizeOptions["terraform"], { terraform }: Assets): Terraform | undefined {
  if (given === false) return undefined;
  if (given === undefined || given === true) {
    if (given === true && terraform === undefined)
      throw new CheckError(
        "unloadable-module",
        "terraform is true, and there is no module here: give its bytes.",
      );
    return terraform?.();
  }
  try {
    const module = compile(given);
    if (!evaluates(module)) throw new Error("it has no evaluate");
    return loadTerraform(() => module);
  } catch (cause) {
    const message = `terraform is not bundles/terraform.wasm: ${(cause as Error).message}`;
    throw new CheckError("unloadable-module", message, { cause });
  }
}
