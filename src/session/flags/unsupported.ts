import { type FlagName, flags } from "./flags.ts";
import type { FlagValues } from "./values.ts";

/** Unsupported conftest flags, and why. If Keywarden ignored them, it could pass inputs that conftest fails. */
const unsupported: { [N in FlagName]?: string } = {
  policy:
    "the rules are compiled in. To run your own policies: keywarden normalize PATH… | conftest test --policy POLICY -",
  update: "the rules are part of the package. Upgrade the package to get newer rules.",
  "proto-file-dirs": "Keywarden reads JSON, YAML and Terraform source, not Protocol Buffers.",
};

/** Returns an error message for a flag or value that Keywarden does not support. */
export function unsupportedFlag(values: FlagValues): string | undefined {
  const flag = (Object.keys(unsupported) as FlagName[]).find((name) => values[name] !== undefined);
  if (flag !== undefined)
    return `--${flag}: Keywarden does not support this conftest flag: ${unsupported[flag]}`;
  const { parser, "rego-version": regoVersion } = values;
  if (parser !== undefined && !isOneOf(flags.parser.choices, parser))
    return `--parser: "${parser}" is not supported. Keywarden detects ${flags.parser.choices.join(", ")}.`;
  if (regoVersion !== undefined && !isOneOf(flags["rego-version"].choices, regoVersion))
    return `--rego-version: "${regoVersion}" is not a Rego version. Use v0 or v1.`;
  return undefined;
}

const isOneOf = (choices: readonly string[], value: string): boolean => choices.includes(value);

/** Commands of conftest, and what to use instead. */
export const conftestCommands: { [name: string]: string } = {
  parse: "Use keywarden normalize to print what the rules evaluate.",
  verify: "Use conftest verify or opa test to test Rego policies.",
  doc: "Use keywarden rules and keywarden explain RULE to read about the rules.",
  fmt: "Use conftest fmt or opa fmt to format Rego.",
  pull: "The rules are part of the package.",
  push: "Use conftest push to upload policies.",
  plugin: "Keywarden has no plugins.",
  reformat: "Use several outputs instead: keywarden test -o json=report.json -o junit=report.xml.",
};
