import { parseArgs } from "node:util";
import { flags } from "../../session/flags/flags.ts";
import { didYouMean } from "../../session/flags/suggestion.ts";
import { type FlagValues, findFlag, flagNames, setFlag } from "../../session/flags/values.ts";

export interface Arguments {
  /** The command and its arguments. */
  positionals: string[];
  values: FlagValues;
}

/** Parses a command line, or returns an error message. Booleans accept `=true` and `=false`, as in conftest. */
export function readArguments(args: string[]): Arguments | string {
  const { tokens } = parseArgs({
    args,
    options: parserOptions(),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const positionals: string[] = [];
  const values: FlagValues = {};
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName } = token;
    const flag = findFlag(name);
    if (flag === undefined) return `unknown flag ${rawName}.${didYouMean(name, flagNames, "--")}`;
    if (flag.type === "boolean" && token.value === undefined) setFlag(values, name, true);
    else {
      // conftest reads `-o=json` as `-o json`.
      const value = rawName.startsWith("--") ? token.value : token.value?.replace(/^=/, "");
      if (value === undefined || (!token.inlineValue && /^-./.test(value)))
        return `${rawName} needs a value: ${rawName} ${flag.value}`;
      const problem = setFlag(values, name, value);
      if (problem !== undefined) return `${rawName}: ${problem}`;
    }
  }
  return { positionals, values };
}

const parserOptions = () =>
  Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      { type: flag.type, ...("short" in flag ? { short: flag.short } : {}) },
    ]),
  );
