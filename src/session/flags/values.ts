import { type Flag, type FlagName, type Flags, flags } from "./flags.ts";

/** The verbs, and what is said to a caller who names nothing. */
export const verbs = {
  test: "name what to check: files, folders, or - for standard input",
  normalize: "name what to read: files, folders, or - for standard input",
  baseline: "name what to take as it is: files, folders, or - for standard input",
  rules: undefined,
  serve: undefined,
  explain: "name a rule: keywarden rules lists them",
  "config print": "name a file: keywarden config print template.yaml says what applies to it",
} as const;

export type VerbName = keyof typeof verbs;

type ValueOf<F extends Flag> = F extends { list: string }
  ? string[]
  : F extends { type: "boolean" }
    ? boolean
    : string;

/** What is set, on the command line, by the environment or by a file. */
export type Values = { [N in FlagName]?: ValueOf<Flags[N]> };

export const flagNames = Object.keys(flags) as FlagName[];

export const flagOf = (name: string): Flag | undefined =>
  Object.hasOwn(flags, name) ? flags[name as FlagName] : undefined;

/** Puts one more value to those that are set; a list grows, else the last one counts. What is wrong with it, if anything. */
export function give(values: Values, name: string, given: string | boolean): string | undefined {
  const { type, list } = flagOf(name) as Flag;
  const all = values as { [name: string]: unknown };
  if (type === "boolean") {
    const truth = typeof given === "boolean" ? given : truthOf(given);
    if (truth === undefined) return `is ${JSON.stringify(given)}: allowed is true or false`;
    all[name] = truth;
  } else if (list === undefined) all[name] = given;
  else {
    const more = list === "commas" ? String(given).split(",") : [given];
    all[name] = [...((all[name] as string[] | undefined) ?? []), ...more];
  }
  return undefined;
}

/** As conftest reads truth values. */
function truthOf(text: string): boolean | undefined {
  if (/^(1|t|true)$/i.test(text)) return true;
  return /^(0|f|false)$/i.test(text) ? false : undefined;
}
