import type { ErrorObject } from "ajv";
import { describeAllowed } from "../../core/model/allowed-values.ts";
import { isMap, type JsonMap } from "../../core/model/json.ts";
import { nearest } from "../../core/model/nearest.ts";
import { pointerTo } from "../../core/model/node.ts";
import { pattern } from "../../core/model/pattern.ts";
import type { RuleInfo, SettingSchema } from "../../core/model/report.ts";
import type { Parsed, Problem } from "../../core/model/source.ts";
import { keyOffset } from "../../core/parse/key-offset.ts";
import { pointerParts } from "../../core/parse/pointer.ts";
import { sourceProblem } from "../../core/parse/problem.ts";
import lazy from "../lazy.cts";
import { wrongSettings } from "../rule-settings.ts";
import { flagsInFile } from "./types.ts";

/** What is wrong with a configuration, in the order of its lines. */
export function wrongIn(config: Parsed, rules: RuleInfo[]): Problem[] {
  const ids = rules.map(({ id }) => id);
  const validate = lazy.configValidator();
  const places = validate(config.value) ? [] : ownErrors(validate.errors ?? []);
  const problems = places.map((error) => told(error, config, rules, ids));
  if (!isMap(config.value)) return problems;
  const settings = isMap(config.value.settings ?? {}) ? wrongSettings(config, rules) : [];
  return [...problems, ...settings, ...wrongIgnore(config)].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

/** That a name is not in a list is said of the whole mapping too. */
const ownErrors = (errors: ErrorObject[]): ErrorObject[] =>
  errors.filter(({ keyword, propertyName }) => keyword === "propertyNames" || propertyName === undefined);

function told(error: ErrorObject, at: Parsed, rules: RuleInfo[], ids: string[]): Problem {
  const path = pointerParts(error.instancePath);
  const name = nameIn(error);
  if (name !== undefined) return unknownName(at, path, name, error, ids);
  const schema = (error.parentSchema ?? {}) as SettingSchema;
  if (error.keyword === "required") {
    const missing = (error.params as { missingProperty: string }).missingProperty;
    return problemAt(
      at,
      path,
      `${called(path)} has no ${missing}.`,
      `Write ${missing}: RULE: error, warning, note or off.`,
    );
  }
  const message = `${called(path)} is ${JSON.stringify(error.data)}: allowed is ${describeAllowed(schema)}.`;
  return problemAt(at, path, message, remedy(error.data, schema, path, rules));
}

function remedy(value: unknown, schema: SettingSchema, path: string[], rules: RuleInfo[]): string {
  if (path.length === 0) return "Write keys and values, such as preset: strict.";
  if (typeof value === "number" && /^\d{10,12}$/.test(String(value)) && schema["type"] === "string")
    return `Put it in quotes, twelve digits: "${String(value).padStart(12, "0")}".`;
  const choices = schema["enum"] as string[] | undefined;
  const meant = choices === undefined ? "" : `Did you mean ${nearest(String(value), choices)}? `;
  const rule = rules.find(({ id }) => id === path.at(-1) && path.at(-2) === "levels");
  const about = flagsInFile[path[0] as string]?.about ?? schema.description;
  if (rule !== undefined) return `${meant}${rule.title}; ${rule.level} by default.`;
  return `${meant}${about === undefined ? "docs/configuration.md describes every key" : about}.`;
}

function unknownName(at: Parsed, path: string[], name: string, error: ErrorObject, ids: string[]): Problem {
  const wrong = (message: string, remedy: string) => keyProblem(at, [...path, name], message, remedy);
  if (path.at(-1) === "levels")
    return wrong(
      `${called(path)}: there is no rule ${name}.`,
      `Did you mean ${nearest(name, ids)}? keywarden rules lists them.`,
    );
  if (error.keyword === "propertyNames")
    return wrong(`${called(path)}: ${name} begins with !.`, "A glob says what it matches; later ones win.");
  const names = Object.keys((error.parentSchema as { properties?: object }).properties ?? {}).filter(
    (known) => known !== "$schema",
  );
  if (path.length > 0)
    return wrong(
      `${called(path)} has no ${name}.`,
      `Did you mean ${nearest(name, names)}? It has: ${names.join(", ")}.`,
    );
  return wrong(`There is no key ${name}.`, meantAtTop(name, names, ids));
}

/** What stands one level too high is not misspelt. */
function meantAtTop(name: string, names: string[], ids: string[]): string {
  if (ids.includes(name)) return "Write it below levels (how much it counts) or settings (what it allows).";
  if (name === "trust") return "Write it below settings.";
  if (name === "config-file") return "It is a flag alone: extends names files to go on from.";
  const near = nearest(name, [...names, ...Object.keys(flagsInFile)]);
  return `Did you mean ${near}? There are: ${names.join(", ")}; and the names of the command's flags.`;
}

/** A text is conftest's regular expression, and a glob is mostly none. */
function wrongIgnore(at: Parsed): Problem[] {
  const { ignore } = at.value as JsonMap;
  if (typeof ignore !== "string" || pattern(ignore) !== undefined) return [];
  const list = JSON.stringify([ignore]);
  const message = `ignore is ${JSON.stringify(ignore)}: allowed is a regular expression or a list of globs.`;
  return [problemAt(at, ["ignore"], message, `If it is a glob, write a list: ignore: ${list}.`)];
}

/** As an author would write the place: overrides[0].levels. */
const called = (path: string[]): string =>
  path.length === 0
    ? "The configuration"
    : path.reduce((whole, part) => (/^\d+$/.test(part) ? `${whole}[${part}]` : `${whole}.${part}`));

const problemAt = (at: Parsed, path: string[], message: string, remedy: string): Problem =>
  sourceProblem(at, pointerTo(path), message, remedy);

/** At the name itself. */
const keyProblem = (at: Parsed, path: string[], message: string, remedy: string): Problem =>
  sourceProblem(at.source, keyOffset(at, pointerTo(path)), message, remedy);

/** The name that is not known, where that is what is wrong. */
function nameIn({ keyword, params }: ErrorObject): string | undefined {
  if (keyword === "additionalProperties") return params["additionalProperty"] as string;
  return keyword === "propertyNames" ? (params["propertyName"] as string) : undefined;
}
