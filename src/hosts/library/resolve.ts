import { type Engine, loadEngine } from "../../core/engine/engine.ts";
import { loadTerraform, type Terraform } from "../../core/formats/terraform-source/evaluator/terraform.ts";
import { compile, isEvaluator } from "../../core/formats/terraform-source/evaluator/wasm.ts";
import type { FailOnUnknown, RuleInfo } from "../../core/model/report.ts";
import type { Json, Source } from "../../core/model/source.ts";
import type { CheckOptions, NormalizeInputsOptions as CoreNormalizeOptions } from "../../core/options.ts";
import {
  assembleCheckOptions,
  assembleNormalizeOptions,
  type NormalizeParts,
} from "../../session/assemble.ts";
import { ignoreMatcher, mergeRuleSettings } from "../../session/config/apply.ts";
import { mergeLayers } from "../../session/config/merge.ts";
import { objectLayers } from "../../session/config/object.ts";
import type { Config, ConfigFile } from "../../session/config/types.ts";
import { CONFIG, partsFromObject, variablesIn } from "./config.ts";
import { CheckError } from "./error.ts";
import { type ConfigParts, LoadedConfig } from "./loaded-config.ts";
import type { CheckerOptions, NormalizeOptions } from "./options.ts";
import { assertOptions, configFromOptions } from "./validate.ts";

/** The resources of the package in its environment: Node.js or a browser. */
export interface Assets {
  rules: RuleInfo[];
  version: string;
  /** Returns the directory to which the globs of a config object are relative. */
  cwd(): string;
  /** Returns the compiled rules. Throws if the caller has to provide them. */
  engine(): Engine;
  /** Returns the evaluator of Terraform source. Undefined if the caller has to provide it. */
  terraform: (() => Terraform) | undefined;
}

export interface Resolved {
  check: CheckOptions;
  ignores: (path: string) => boolean;
}

/** Returns the options of a check from those of the library. Throws a CheckError. */
export function resolveOptions(options: CheckerOptions, assets: Assets): Resolved {
  const { rules = assets.rules, bundle, suppressions, baseline, today } = assertOptions(options);
  if (options.rules !== undefined && bundle === undefined)
    throw new CheckError(
      "invalid-option",
      "rules describes the rules of a bundle. Pass the option bundle, too.",
    );
  const { config, parts, fromOptions } = configFor(options, rules, assets);
  const engine = bundle === undefined ? assets.engine() : loadBundle(bundle, structuredClone([...rules]));
  const ignored = ignoreMatcher(config);
  return {
    check: assembleCheckOptions({
      ...normalizeParts(options, config, assets),
      engine,
      // Options take precedence over data files, and data files over the config.
      ruleSettings: mergeRuleSettings({ settings: parts.ruleSettings }, fromOptions.settings),
      suppressions: suppressions?.map(copyOf) ?? parts.suppressions,
      baseline: baseline === undefined ? parts.baseline : copyOf(baseline),
      today,
      failOnUnknown: options.failOnUnknown === undefined ? undefined : copyOfRules(options.failOnUnknown),
    }),
    ignores: (path) => ignored.test(path),
  };
}

const copyOfRules = (rules: FailOnUnknown): FailOnUnknown =>
  typeof rules === "boolean" ? rules : [...rules];

/** A checker must not change if the caller changes its sources later. */
const copyOf = ({ path, text }: Source): Source => ({ path, text });

/** Returns the options for normalizing inputs. Throws a CheckError. */
export const resolveNormalizeOptions = (options: NormalizeOptions, assets: Assets): CoreNormalizeOptions => {
  const { config } = configFor(assertOptions(options), assets.rules, assets);
  return assembleNormalizeOptions(normalizeParts(options, config, assets));
};

function configFor(options: CheckerOptions, rules: readonly RuleInfo[], assets: Assets) {
  const fromOptions = configFromOptions(options, rules);
  const { config = {} } = options;
  const parts: ConfigParts =
    config instanceof LoadedConfig
      ? LoadedConfig.partsOf(config)
      : partsFromObject(config as ConfigFile, rules, assets.cwd());
  const { cwd, layers } = parts;
  const optionLayers = objectLayers(fromOptions as Json, cwd, CONFIG);
  return { fromOptions, parts, config: mergeLayers(cwd, [...layers, ...optionLayers]) };
}

function normalizeParts(options: NormalizeOptions, config: Config, assets: Assets): NormalizeParts {
  const { variables, files } = variablesIn(config);
  return {
    config,
    terraform: terraformFor(options.terraform, assets),
    variables: { ...variables, ...options.variables },
    variableFiles: [...files, ...(options.variableFiles ?? [])],
    ...(options.formats === undefined ? {} : { formats: [...options.formats] }),
  };
}

function loadBundle(bundle: object, rules: RuleInfo[]): Engine {
  try {
    return loadEngine(bundle, rules);
  } catch (cause) {
    const message = `bundle is not a module of compiled rules: ${(cause as Error).message}`;
    throw new CheckError("unloadable-module", message, { cause });
  }
}

function terraformFor(option: NormalizeOptions["terraform"], { terraform }: Assets): Terraform | undefined {
  if (option === false) return undefined;
  if (option === undefined || option === true) {
    if (option === true && terraform === undefined)
      throw new CheckError(
        "unloadable-module",
        "terraform is true, but there is no module in this environment. Pass the bytes of bundles/terraform.wasm.",
      );
    return terraform?.();
  }
  try {
    const module = compile(option);
    if (!isEvaluator(module)) throw new Error("it does not export evaluate");
    return loadTerraform(() => module);
  } catch (cause) {
    const message = `terraform is not bundles/terraform.wasm: ${(cause as Error).message}`;
    throw new CheckError("unloadable-module", message, { cause });
  }
}
