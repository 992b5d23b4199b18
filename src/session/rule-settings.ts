import type { RuleSettings } from "../core/engine/engine.ts";
import { describeAllowed } from "../core/model/allowed-values.ts";
import { isMap, type JsonMap, own } from "../core/model/json.ts";
import { nearest } from "../core/model/nearest.ts";
import { re2Pattern } from "../core/model/pattern.ts";
import type { RuleInfo, SettingSchema } from "../core/model/report.ts";
import type { Json, Parsed, Problem, Source } from "../core/model/source.ts";
import { parseJson } from "../core/parse/json.ts";
import { isProblem, sourceProblem } from "../core/parse/problem.ts";
import { parseYaml } from "../core/parse/yaml.ts";
import type { DataFile } from "../node/data.ts";
import validate from "./generated/settings.js";
import {
  type CheckedFile,
  displayName,
  inLineOrder,
  notAllowed,
  type SchemaMessages,
  schemaProblems,
  valueProblem,
} from "./schema-problems.ts";

/** Path of the rule settings in data files. */
const SETTINGS = ["keywarden", "settings"];

/**
 * Returns the rule settings at `keywarden.settings` of data files, merged, or the problems of these files: a misspelled
 * name must not leave a rule unchanged silently. `data`: the files, by named path. Data of other policies is ignored.
 */
export function readRuleSettings(data: Map<string, DataFile[]>, rules: RuleInfo[]): RuleSettings | Problem[] {
  const merged: { [subject: string]: JsonMap } = {};
  const problems = [...data].flatMap(([path, files]) => {
    const read = files.map(parseDataFile);
    const unreadable = read.filter(isProblem);
    const settingsFiles = read.filter(
      (file): file is SettingsFile => !isProblem(file) && hasSettings(file.data),
    );
    if (settingsFiles.length === 0 && unreadable.length === 0) return [noSettings(path)];
    return [...unreadable, ...settingsFiles.flatMap((file) => addSettings(file, merged, rules))];
  });
  return problems.length === 0 ? merged : problems;
}

/** Returns the problems of the rule settings under the key `settings` of a config. */
export function ruleSettingProblems(config: Parsed, rules: RuleInfo[]): Problem[] {
  const settings = (config.value as JsonMap)["settings"] ?? {};
  return settingProblems(
    { ...config, parent: ["keywarden"], implied: 1, data: { keywarden: { settings } } },
    rules,
  );
}

/** `data`: the value that the schema describes. The file may contain only a part of it. */
type SettingsFile = CheckedFile & { data: Json };

function parseDataFile(file: DataFile): SettingsFile | Problem {
  if (isProblem(file)) return file;
  const { below: parent, source } = file;
  const read = parseData(source);
  if (isProblem(read)) return read;
  const data = parent.reduceRight<Json>((inner, name) => ({ [name]: inner }), read.value);
  return { ...read, parent, implied: 0, data };
}

function parseData(source: Source): Parsed | Problem {
  if (/^\uFEFF?\s*\{/.test(source.text)) return parseJson(source);
  const documents = parseYaml(source);
  if (isProblem(documents)) return documents;
  const [first, second] = documents;
  if (first !== undefined && second === undefined) return first;
  return sourceProblem(
    source,
    null,
    first === undefined ? "The file is empty." : "The file contains several YAML documents.",
    "Write one document with the rule settings under keywarden.settings.",
  );
}

const hasSettings = (value: Json): boolean => isMap(value) && "keywarden" in value;

const noSettings = (file: string): Problem => ({
  file,
  message: "There are no rule settings: the key keywarden.settings is missing.",
  remedy: "Write the rule settings under keywarden.settings, by rule.",
});

const settingProblems = (file: SettingsFile, rules: RuleInfo[]): Problem[] => [
  ...(validate(file.data) ? [] : schemaProblems(validate.errors ?? [], file, messagesFor(file, rules))),
  ...patternProblems(file, rules),
];

function messagesFor(file: SettingsFile, rules: RuleInfo[]): SchemaMessages {
  return {
    // A path is keywarden, settings, the rule, and its setting.
    depth: 4,
    unknownKey(path, key, known) {
      if (path.length < 2)
        return [
          `Unknown key "${displayName([...path, key], file)}".`,
          "Write the rule settings under keywarden.settings.",
        ];
      const near = nearest(key, known);
      const suggestion = near === undefined ? "" : `Did you mean ${near}? `;
      if (path.length > 2)
        return [
          `${path.slice(2).join(".")} has no setting "${key}".`,
          `${suggestion}Its settings: ${known.join(", ")}.`,
        ];
      if (rules.some((rule) => rule.id === key))
        return [`The rule ${key} has no settings.`, `Rules with settings: ${known.join(", ")}.`];
      return [
        `There is no rule "${key}".`,
        `${suggestion}Run "keywarden explain RULE" to see the settings of a rule.`,
      ];
    },
    invalidValue(path, value, schema) {
      const setting = rules.map((rule) => rule.settings[path.slice(2, 4).join(".")]).find(Boolean);
      if (setting === undefined)
        return `Write the settings as ${displayName([...SETTINGS, "RULE", "SETTING"], file)}.`;
      const description = setting.description ?? path.at(-1);
      return `${quotingAdvice(value, schema)}${description} (default: ${JSON.stringify(setting.default)}).`;
    },
  };
}

/** An account ID without quotes is a number in YAML and JSON. */
const quotingAdvice = (value: unknown, schema: SettingSchema): string =>
  schema.type === "string" &&
  typeof value === "number" &&
  new RegExp(String(schema.pattern ?? "")).test(String(value))
    ? `Put it in quotes: "${value}". `
    : "";

/** Returns a problem for each regular expression that is not valid RE2: it would never match. */
function patternProblems(file: SettingsFile, rules: RuleInfo[]): Problem[] {
  const problems = rules.flatMap(({ settings }) =>
    Object.entries(settings).flatMap(([setting, schema]) => {
      const path = [...SETTINGS, ...setting.split(".")];
      const value = path.reduce<Json | undefined>(valueAt, file.data);
      if (schema["format"] !== "regex" || typeof value !== "string" || re2Pattern(value) !== undefined)
        return [];
      const message = notAllowed(displayName(path, file), value, describeAllowed(schema));
      return [valueProblem(file, path, message, `${schema.description ?? setting}.`)];
    }),
  );
  return inLineOrder(problems);
}

const valueAt = (value: Json | undefined, name: string): Json | undefined =>
  value !== undefined && isMap(value) ? own(value, name) : undefined;

/** Adds the settings of a file. A setting in two files is a problem: the result would depend on their order. */
function addSettings(
  file: SettingsFile,
  merged: { [subject: string]: JsonMap },
  rules: RuleInfo[],
): Problem[] {
  const problems = settingProblems(file, rules);
  if (problems.length > 0) return problems;
  const settings = ((file.data as JsonMap)["keywarden"] as JsonMap)["settings"];
  return Object.entries((settings ?? {}) as { [subject: string]: JsonMap }).flatMap(
    ([subject, subjectSettings]) => {
      const known = merged[subject] ?? {};
      merged[subject] = { ...known, ...subjectSettings };
      return Object.keys(subjectSettings)
        .filter((name) => name in known)
        .map((name) =>
          valueProblem(
            file,
            [...SETTINGS, subject, name],
            `${subject}.${name} is set in two data files.`,
            "Remove one of them.",
          ),
        );
    },
  );
}
