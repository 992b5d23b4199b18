import type { JsonMap } from "../../core/model/json.ts";
import type { RuleInfo } from "../../core/model/report.ts";
import type { Json, Problem } from "../../core/model/source.ts";
import { variablesFrom } from "../../session/assemble.ts";
import { isUnsupported, toJson, unsupportedMessage } from "../../session/config/json.ts";
import { objectLayers, objectProblems } from "../../session/config/object.ts";
import { type Config, type ConfigFile, presets } from "../../session/config/types.ts";
import { cleanConfig } from "../../session/config/values.ts";
import { CheckError } from "./error.ts";
import type { ConfigParts } from "./loaded-config.ts";

/** The name of a config object in messages. */
export const CONFIG = "config";

/** Keys that name files, which a config object cannot contain, and the options to use instead. */
const fileKeys: { [key: string]: string } = {
  suppressions: "suppressions",
  baseline: "baseline",
  data: "settings",
};

/** Returns a plain object as the parts of a config. Throws a CheckError. */
export function partsFromObject(config: ConfigFile, rules: readonly RuleInfo[], cwd: string): ConfigParts {
  const value = toJson(config);
  if (isUnsupported(value)) throw new CheckError("invalid-config", unsupportedMessage(value, CONFIG));
  const problems = objectProblems(value, rules, CONFIG);
  if (problems.length === 0) problems.push(...fileProblems(cleanConfig(value) as JsonMap));
  if (problems.length > 0) throw configError(problems);
  return { cwd, files: [], layers: objectLayers(value, cwd, CONFIG), ruleSettings: {}, suppressions: [] };
}

/** Returns the error for a config with problems. */
export const configError = (problems: Problem[]): CheckError =>
  new CheckError("invalid-config", problems.map(problemLine).join("\n"), { problems });

const problemLine = ({ file, line, message, remedy }: Problem): string =>
  `${file}${line === undefined ? "" : `:${line}`}: ${message} ${remedy}`;

function fileProblems(config: JsonMap): Problem[] {
  const at = (message: string, remedy: string): Problem => ({ file: CONFIG, message, remedy });
  const files = [(config["extends"] as Json) ?? []]
    .flat()
    .filter((base) => !Object.hasOwn(presets, String(base)));
  return [
    ...files.map((base) =>
      at(
        `extends is ${JSON.stringify(base)}; a config object can only extend presets.`,
        "Use loadConfig to read files.",
      ),
    ),
    ...Object.entries(fileKeys)
      .filter(([key]) => key in config)
      .map(([key, option]) =>
        at(
          `${key} names files, which a config object cannot contain.`,
          `Pass their content as the option ${option}, or use loadConfig.`,
        ),
      ),
  ];
}

/** Returns the Terraform variables that a config sets. Throws a CheckError. */
export function variablesIn({ flags }: Config): { variables: { [name: string]: string }; files: string[] } {
  const valuesOf = (name: string) => [flags[name] ?? []].flat().map(String);
  const pairs = valuesOf("var");
  // The message doesn't repeat the value, which may be a password.
  const invalidPair = pairs.findIndex((pair) => pair.indexOf("=") < 1);
  if (invalidPair >= 0)
    throw new CheckError(
      "invalid-config",
      `Value ${invalidPair + 1} of var is invalid; it must be NAME=VALUE.`,
    );
  return { variables: variablesFrom(pairs), files: valuesOf("var-file") };
}
