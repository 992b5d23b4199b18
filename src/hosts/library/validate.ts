import { isMap, type JsonMap } from "../../core/model/json.ts";
import { nearest } from "../../core/model/nearest.ts";
import type { RuleInfo } from "../../core/model/report.ts";
import { foreignMessage, isForeign, plain } from "../../session/config/plain.ts";
import type { ConfigFile } from "../../session/config/types.ts";
import { wrongWith } from "./config.ts";
import { CheckError } from "./error.ts";
import { LoadedConfig } from "./loaded-config.ts";
import type { CheckerOptions, RunOptions } from "./options.ts";

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isObject: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isSource: Check = (value) =>
  isObject(value) && isText((value as JsonMap)["path"]) && isText((value as JsonMap)["text"]);
const listOf =
  (is: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(is);
const isFormat: Check = (value) =>
  isObject(value) &&
  isText((value as JsonMap)["name"]) &&
  ["detect", "normalize"].every((method) => typeof (value as JsonMap)[method] === "function");
const isRule: Check = (value) =>
  isObject(value) && isText((value as JsonMap)["id"]) && isObject((value as JsonMap)["settings"]);

/** What each option takes, in words and as a test; those of a configuration are tested as one. */
const takes: { [option in keyof Required<CheckerOptions>]: [words: string, is: Check] } = {
  config: ["what loadConfig gave, or an object", (value) => value instanceof LoadedConfig || isObject(value)],
  preset: ["", () => true],
  levels: ["", () => true],
  settings: ["", () => true],
  account: ["", () => true],
  region: ["", () => true],
  suppressions: ["a list of { path, text }", listOf(isSource)],
  baseline: ["{ path, text }", isSource],
  today: ["a date, YYYY-MM-DD", (value) => isText(value) && isDate(value as string)],
  bundle: ["the bytes of a WebAssembly module, or the module", isObject],
  rules: ["a list as in bundles/rules.json", listOf(isRule)],
  terraform: [
    "true, false, the bytes of a WebAssembly module, or the module",
    (value) => typeof value === "boolean" || isObject(value),
  ],
  variables: ["texts by name", (value) => isObject(value) && Object.values(value as object).every(isText)],
  variableFiles: ["a list of paths", listOf(isText)],
  formats: ["a list of { name, detect, normalize }", listOf(isFormat)],
};

const runTakes: { [option in keyof Required<RunOptions>]: [words: string, is: Check] } = {
  signal: [
    "an AbortSignal",
    (value) => isObject(value) && typeof (value as AbortSignal).aborted === "boolean",
  ],
  onProgress: ["a function", (value) => typeof value === "function"],
};

const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

/** The options, each by itself as it has to be. Throws a CheckError. */
export const testedOptions = (options: CheckerOptions): CheckerOptions => tested(options, takes);

/** What options say by the names of a configuration's keys. Throws a CheckError where that is wrong. */
export function validated(options: CheckerOptions, rules: readonly RuleInfo[]): ConfigFile {
  const { preset, levels, settings, account, region } = options;
  const given = Object.entries({ preset, levels, settings, account, region });
  const said = plain(Object.fromEntries(given.filter(([, value]) => value !== undefined)));
  if (isForeign(said)) throw new CheckError("invalid-option", foreignMessage(said, "options"));
  unknownNames(said as JsonMap, rules);
  const [wrong] = wrongWith(said, rules);
  if (wrong !== undefined) throw new CheckError("invalid-option", `${wrong.message} ${wrong.remedy}`);
  return said as ConfigFile;
}

export const validatedRun = (options: RunOptions): RunOptions => tested(options, runTakes);

function tested<T extends object>(options: T, known: { [option: string]: [words: string, is: Check] }): T {
  if (!isObject(options)) throw new CheckError("invalid-option", "The options are no object.");
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const [words, is] = (Object.hasOwn(known, name) ? known[name] : undefined) ?? [];
    if (is === undefined)
      throw new CheckError(
        "invalid-option",
        `There is no option ${name}. Did you mean ${nearest(name, Object.keys(known))}?`,
      );
    if (!is(value)) throw new CheckError("invalid-option", `${name} is not ${words}.`);
  }
  return options;
}

/** Rules and settings that nobody knows: most often they are misspelt, or older or newer than the package. */
function unknownNames({ levels, settings }: JsonMap, rules: readonly RuleInfo[]): void {
  const ids = rules.map(({ id }) => id);
  const paths = rules.flatMap((rule) => Object.keys(rule.settings));
  const subjects = new Set(paths.map((path) => path.split(".")[0] as string));
  const rule = (name: string, where: string) => {
    const text = `${where}: there is no rule ${name}. Did you mean ${nearest(name, ids)}?`;
    return new CheckError("unknown-rule", text);
  };
  if (levels !== undefined && isMap(levels))
    for (const name of Object.keys(levels)) if (!ids.includes(name)) throw rule(name, "levels");
  if (settings === undefined || !isMap(settings)) return;
  for (const [subject, own] of Object.entries(settings)) {
    if (!subjects.has(subject) && !ids.includes(subject)) throw rule(subject, "settings");
    for (const name of isMap(own) ? Object.keys(own) : [])
      if (!paths.includes(`${subject}.${name}`)) {
        const has = paths.filter((path) => path.startsWith(`${subject}.`)).map((path) => path.split(".")[1]);
        const which = has.length === 0 ? "It has none." : `It has: ${has.join(", ")}.`;
        throw new CheckError("unknown-setting", `settings: ${subject} has no setting ${name}. ${which}`);
      }
  }
}
