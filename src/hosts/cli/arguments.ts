import { parseArgs } from "node:util";
import { closest } from "../../session/flags/closest.ts";
import { flags } from "../../session/flags/flags.ts";
import { flagNames, flagOf, give, type Values } from "../../session/flags/values.ts";

export interface Arguments {
  words: string[];
  values: Values;
}

/** The words and flags of a command line, or what is wrong with it. Booleans take `=true` and `=false` as in conftest. */
export function readArguments(args: string[]): Arguments | string {
  const { tokens } = parseArgs({
    args,
    options: options(),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words: string[] = [];
  const values: Values = {};
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName } = token;
    const flag = flagOf(name);
    if (flag === undefined) return `Unknown option '${rawName}'${closest(name, flagNames, "--")}`;
    if (flag.type === "boolean" && token.value === undefined) give(values, name, true);
    else {
      // `-o=json` is conftest's `-o json`.
      const value = rawName.startsWith("--") ? token.value : token.value?.replace(/^=/, "");
      if (value === undefined || (!token.inlineValue && /^-./.test(value)))
        return `${rawName} needs a value: ${rawName} ${flag.value}`;
      const wrong = give(values, name, value);
      if (wrong !== undefined) return `${rawName} ${wrong}`;
    }
  }
  return { words, values };
}

const options = () =>
  Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [
      name,
      { type: flag.type, ...("short" in flag ? { short: flag.short } : {}) },
    ]),
  );
