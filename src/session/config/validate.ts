import { MAX_GLOB_LENGTH } from "../../core/glob.ts";
import { isMap, type JsonMap } from "../../core/model/json.ts";
import { nearest } from "../../core/model/nearest.ts";
import { re2Pattern } from "../../core/model/pattern.ts";
import type { RuleInfo, SettingSchema } from "../../core/model/report.ts";
import type { Json, Parsed, Problem } from "../../core/model/source.ts";
import { didYouMean } from "../flags/suggestion.ts";
import lazy from "../lazy.cts";
import { ruleSettingProblems } from "../rule-settings.ts";
import {
  type CheckedFile,
  displayName,
  inLineOrder,
  notAllowed,
  type SchemaMessages,
  schemaProblems,
  valueProblem,
} from "../schema-problems.ts";
import { configFlags } from "./types.ts";

/** Returns the problems of a config, in the order of their lines. */
export function validateConfig(config: Parsed, rules: RuleInfo[]): Problem[] {
  const file: CheckedFile = { ...config, parent: [], implied: 0 };
  const validate = lazy.configValidator();
  const errors = validate(config.value) ? [] : (validate.errors ?? []);
  const problems = schemaProblems(errors, file, messagesFor(file, rules));
  if (!isMap(config.value)) return problems;
  const settings = isMap(config.value.settings ?? {}) ? ruleSettingProblems(config, rules) : [];
  return inLineOrder([
    ...problems,
    ...settings,
    ...ignoreProblems(file),
    ...longGlobProblems(file),
    ...unknownRuleProblems(file, rules),
  ]);
}

function messagesFor(file: CheckedFile, rules: RuleInfo[]): SchemaMessages {
  const ids = rules.map(({ id }) => id);
  const nameOf = (path: string[]) => displayName(path, file);
  return {
    unknownKey(path, key, keys) {
      const known = keys.filter((name) => name !== "$schema");
      if (path.length === 0) return [`Unknown key "${key}".`, topLevelRemedy(key, known, ids)];
      return [
        `${nameOf(path)}: unknown key "${key}".`,
        `Did you mean ${nearest(key, known)}? Allowed keys: ${known.join(", ")}.`,
      ];
    },
    invalidKey(path, key) {
      if (path.at(-1) === "levels")
        return [
          `${nameOf(path)}: there is no rule "${key}".`,
          `Did you mean ${nearest(key, ids)}? Run "keywarden rules" to list all rules.`,
        ];
      return [
        `${nameOf(path)}: the glob "${key}" starts with "!".`,
        "Write a glob for the paths to match. A later glob overrides an earlier one.",
      ];
    },
    missingKey: (key) => `Add ${key}, for example: ${key}: { RULE: warning }.`,
    invalidValue: (path, value, schema) => valueRemedy(path, value, schema, rules),
  };
}

function valueRemedy(path: string[], value: unknown, schema: SettingSchema, rules: RuleInfo[]): string {
  if (path.length === 0) return "Write keys and values, for example: preset: strict.";
  if (typeof value === "number" && /^\d{10,12}$/.test(String(value)) && schema["type"] === "string")
    return `Quote it and write all twelve digits: "${String(value).padStart(12, "0")}".`;
  const choices = schema["enum"] as string[] | undefined;
  const suggestion = choices === undefined ? "" : `Did you mean ${nearest(String(value), choices)}? `;
  const rule = rules.find(({ id }) => id === path.at(-1) && path.at(-2) === "levels");
  if (rule !== undefined) return `${suggestion}${rule.title} (default: ${rule.level}).`;
  const description = configFlags[path[0] as string]?.description ?? schema.description;
  return `${suggestion}${description ?? "See docs/configuration.md"}.`;
}

function topLevelRemedy(key: string, known: string[], ids: string[]): string {
  if (ids.includes(key)) return "Move it to levels (the level of its findings) or settings (its parameters).";
  if (key === "trust") return "Move it to settings.";
  if (key === "config-file") return "It is a command-line flag only. Use extends to include another file.";
  const suggestion = didYouMean(key, [...known, ...Object.keys(configFlags)]).trimStart();
  return `${suggestion}${suggestion === "" ? "" : " "}Allowed keys: ${known.join(", ")}, and the names of command-line flags.`;
}

/** A string is a regular expression, as in conftest. Most globs are not valid ones. */
function ignoreProblems(file: CheckedFile): Problem[] {
  const { ignore } = file.value as JsonMap;
  if (typeof ignore !== "string" || re2Pattern(ignore) !== undefined) return [];
  const message = notAllowed("ignore", ignore, "a regular expression (RE2) or a list of globs");
  return [
    valueProblem(file, ["ignore"], message, `For a glob, write a list: ignore: ${JSON.stringify([ignore])}.`),
  ];
}

function longGlobProblems(file: CheckedFile): Problem[] {
  const { ignore, accounts, regions, overrides } = file.value as JsonMap;
  const globs = [
    ...(Array.isArray(ignore) ? stringsIn(ignore, ["ignore"]) : []),
    ...keysOf(accounts, ["accounts"]),
    ...keysOf(regions, ["regions"]),
    ...stringsIn(overrides, ["overrides"]).filter(({ path: [, , key = ""] }) =>
      ["files", "resources"].includes(key),
    ),
  ];
  return globs
    .filter(({ text }) => text.length > MAX_GLOB_LENGTH)
    .map(({ text, path }) =>
      valueProblem(
        file,
        path,
        `${displayName(path, file)}: a glob has ${text.length} characters; the maximum is ${MAX_GLOB_LENGTH}.`,
        "Write several globs.",
      ),
    );
}

interface Written {
  text: string;
  path: string[];
}

function stringsIn(value: Json | undefined, path: string[]): Written[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => stringsIn(item, [...path, key]));
}

const keysOf = (value: Json | undefined, path: string[]): Written[] =>
  isMap(value) ? Object.keys(value).map((text) => ({ text, path })) : [];

/** With a misspelled rule in fail-on-unknown, a gate would be weaker unnoticed. */
function unknownRuleProblems(file: CheckedFile, rules: RuleInfo[]): Problem[] {
  const key = "fail-on-unknown";
  const ids = rules.map(({ id }) => id);
  return [(file.value as JsonMap)[key] ?? []]
    .flat()
    .filter((rule) => typeof rule === "string" && !ids.includes(rule))
    .map((rule) =>
      valueProblem(
        file,
        [key],
        `${key}: there is no rule "${rule}".`,
        `Did you mean ${nearest(String(rule), ids)}?`,
      ),
    );
}
