import { isMap, type JsonMap } from "../../core/model/json.ts";
import { nearest } from "../../core/model/nearest.ts";
import type { RuleInfo } from "../../core/model/report.ts";
import { isUnsupported, toJson, unsupportedMessage } from "../../session/config/json.ts";
import { objectProblems } from "../../session/config/object.ts";
import type { ConfigFile } from "../../session/config/types.ts";
import { CONFIG } from "./config.ts";
import { CheckError } from "./error.ts";
import { LoadedConfig } from "./loaded-config.ts";
import type { CheckerOptions, RunOptions } from "./options.ts";

type Predicate = (value: unknown) => boolean;

/** The requirement on an option: a description and a predicate. */
type Expectation = [description: string, check: Predicate];

const isString: Predicate = (value) => typeof value === "string";
const isObject: Predicate = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isSource: Predicate = (value) =>
  isObject(value) && isString((value as JsonMap)["path"]) && isString((value as JsonMap)["text"]);
const isFormat: Predicate = (value) =>
  isObject(value) &&
  isString((value as JsonMap)["name"]) &&
  ["detect", "normalize"].every((method) => typeof (value as JsonMap)[method] === "function");
const isRule: Predicate = (value) =>
  isObject(value) && isString((value as JsonMap)["id"]) && isObject((value as JsonMap)["settings"]);
const arrayOf =
  (isItem: Predicate): Predicate =>
  (value) =>
    Array.isArray(value) && value.every(isItem);

/** Options that are also keys of the config are validated by its schema. */
const byConfigSchema: Expectation = ["", () => true];

const checkerOptions: { [option in keyof Required<CheckerOptions>]: Expectation } = {
  config: [
    "an object, or the result of loadConfig",
    (value) => value instanceof LoadedConfig || isObject(value),
  ],
  preset: byConfigSchema,
  levels: byConfigSchema,
  settings: byConfigSchema,
  account: byConfigSchema,
  region: byConfigSchema,
  failOnUnknown: [
    "true, false or an array of rules",
    (value) => typeof value === "boolean" || arrayOf(isString)(value),
  ],
  suppressions: ["an array of { path, text }", arrayOf(isSource)],
  baseline: ["{ path, text }", isSource],
  today: ["a date, YYYY-MM-DD", (value) => isString(value) && isDate(value as string)],
  bundle: ["a WebAssembly module or its bytes", isObject],
  rules: ["an array as in bundles/rules.json", arrayOf(isRule)],
  terraform: [
    "true, false, a WebAssembly module or its bytes",
    (value) => typeof value === "boolean" || isObject(value),
  ],
  variables: [
    "an object with strings as values",
    (value) => isObject(value) && Object.values(value as object).every(isString),
  ],
  variableFiles: ["an array of paths", arrayOf(isString)],
  formats: ["an array of { name, detect, normalize }", arrayOf(isFormat)],
};

const runOptions: { [option in keyof Required<RunOptions>]: Expectation } = {
  signal: [
    "an AbortSignal",
    (value) => isObject(value) && typeof (value as AbortSignal).aborted === "boolean",
  ],
  onProgress: ["a function", (value) => typeof value === "function"],
};

const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

/** Returns the options if each is valid. Throws a CheckError. */
export const assertOptions = (options: CheckerOptions): CheckerOptions =>
  assertKnown(options, checkerOptions);

/** Returns the options of a run if each is valid. Throws a CheckError. */
export const assertRunOptions = (options: RunOptions): RunOptions => assertKnown(options, runOptions);

/** Returns the options that are also keys of the config. Throws a CheckError if one is invalid. */
export function configFromOptions(options: CheckerOptions, rules: readonly RuleInfo[]): ConfigFile {
  const { preset, levels, settings, account, region, failOnUnknown } = options;
  const config = toJson({ preset, levels, settings, account, region });
  if (isUnsupported(config)) throw new CheckError("invalid-option", unsupportedMessage(config, "options"));
  assertKnownNames(config as JsonMap, rules);
  const ids = rules.map(({ id }) => id);
  const missing = Array.isArray(failOnUnknown)
    ? failOnUnknown.find((rule) => !ids.includes(rule))
    : undefined;
  if (missing !== undefined) throw unknownRule(missing, "failOnUnknown", ids);
  const [first] = objectProblems(config, rules, CONFIG);
  if (first !== undefined) throw new CheckError("invalid-option", `${first.message} ${first.remedy}`);
  return config as ConfigFile;
}

function assertKnown<T extends object>(options: T, known: { [option: string]: Expectation }): T {
  if (!isObject(options)) throw new CheckError("invalid-option", "The options are not an object.");
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const [description, isValid] = (Object.hasOwn(known, name) ? known[name] : undefined) ?? [];
    if (isValid === undefined)
      throw new CheckError(
        "invalid-option",
        `Unknown option ${name}. Did you mean ${nearest(name, Object.keys(known))}?`,
      );
    if (!isValid(value)) throw new CheckError("invalid-option", `${name} must be ${description}.`);
  }
  return options;
}

/** Throws a CheckError for unknown rules and settings. Names are misspelled, or belong to another version. */
function assertKnownNames({ levels, settings }: JsonMap, rules: readonly RuleInfo[]): void {
  const ids = rules.map(({ id }) => id);
  const paths = rules.flatMap((rule) => Object.keys(rule.settings));
  const subjects = new Set(paths.map((path) => path.split(".")[0] as string));
  if (levels !== undefined && isMap(levels))
    for (const name of Object.keys(levels)) if (!ids.includes(name)) throw unknownRule(name, "levels", ids);
  if (settings === undefined || !isMap(settings)) return;
  for (const [subject, subjectSettings] of Object.entries(settings)) {
    if (!subjects.has(subject) && !ids.includes(subject)) throw unknownRule(subject, "settings", ids);
    for (const name of isMap(subjectSettings) ? Object.keys(subjectSettings) : [])
      if (!paths.includes(`${subject}.${name}`)) {
        const known = paths
          .filter((path) => path.startsWith(`${subject}.`))
          .map((path) => path.split(".")[1]);
        const advice = known.length === 0 ? "It has none." : `Its settings: ${known.join(", ")}.`;
        throw new CheckError("unknown-setting", `settings: ${subject} has no setting "${name}". ${advice}`);
      }
  }
}

const unknownRule = (name: string, option: string, ids: string[]): CheckError =>
  new CheckError(
    "unknown-rule",
    `${option}: there is no rule "${name}". Did you mean ${nearest(name, ids)}?`,
  );
