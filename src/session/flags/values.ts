import { type Flag, type FlagName, type Flags, flags } from "./flags.ts";

export type CommandName =
  | "test"
  | "explain"
  | "rules"
  | "baseline"
  | "normalize"
  | "config print"
  | "serve"
  | "completion";

type ValueOf<F extends Flag> = F extends { type: "boolean"; list: string }
  ? boolean | string[]
  : F extends { list: string }
    ? string[]
    : F extends { type: "boolean" }
      ? boolean
      : string;

/** Values of flags that the command line, the environment or the config file sets. */
export type FlagValues = { [N in FlagName]?: ValueOf<Flags[N]> };

export const flagNames = Object.keys(flags) as FlagName[];

export const findFlag = (name: string): Flag | undefined =>
  Object.hasOwn(flags, name) ? flags[name as FlagName] : undefined;

/** Sets a flag: a list grows, any other value is replaced. Returns an error message if the value is not valid. */
export function setFlag(values: FlagValues, name: string, value: string | boolean): string | undefined {
  const { type, list } = findFlag(name) as Flag;
  const all = values as { [name: string]: unknown };
  if (type === "boolean") {
    const parsed = typeof value === "boolean" ? value : parseBoolean(value);
    if (parsed === undefined && list !== undefined) {
      const { [name]: before } = all;
      all[name] = [...(Array.isArray(before) ? before : []), ...String(value).split(",")];
      return undefined;
    }
    if (parsed === undefined) return `${JSON.stringify(value)} is not a boolean. Use true or false.`;
    all[name] = parsed;
  } else if (list === undefined) all[name] = value;
  else {
    const more = list === "commas" ? String(value).split(",") : [value];
    all[name] = [...((all[name] as string[] | undefined) ?? []), ...more];
  }
  return undefined;
}

/** Reads the spellings of booleans that conftest (Go's strconv.ParseBool) accepts. */
function parseBoolean(text: string): boolean | undefined {
  if (/^(1|t|true)$/i.test(text)) return true;
  return /^(0|f|false)$/i.test(text) ? false : undefined;
}
