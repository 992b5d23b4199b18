import type { ErrorObject } from "ajv";
import type { RuleSettings } from "../core/engine/engine.ts";
import { describeAllowed } from "../core/model/allowed-values.ts";
import { isMap, type JsonMap } from "../core/model/json.ts";
import { nearest } from "../core/model/nearest.ts";
import { pointerTo } from "../core/model/node.ts";
import type { RuleInfo, SettingSchema } from "../core/model/report.ts";
import type { Json, Parsed, Problem, Source } from "../core/model/source.ts";
import { parseJson } from "../core/parse/json.ts";
import { keyOffset } from "../core/parse/key-offset.ts";
import { pointerParts } from "../core/parse/pointer.ts";
import { isProblem, sourceProblem } from "../core/parse/problem.ts";
import { parseYaml } from "../core/parse/yaml.ts";
import type { DataFile } from "../node/data.ts";
import validate from "./generated/settings.js";

const PLACE = ["keywarden", "settings"];

/**
 * The settings of the rules that data files give as `keywarden.settings`, merged; or what is wrong with them: an unknown
 * name would leave a rule unchanged without a word. `data` by the path that was given; data of other policies is left
 * alone.
 */
export function settingsOf(data: Map<string, DataFile[]>, rules: RuleInfo[]): RuleSettings | Problem[] {
  const merged: { [subject: string]: JsonMap } = {};
  const problems = [...data].flatMap(([path, files]) => {
    const read = files.map(placed);
    const problems = read.filter(isProblem);
    const ours = read.filter((file): file is Placed => !isProblem(file) && isOurs(file.whole));
    if (ours.length === 0 && problems.length === 0) return [silent(path)];
    return [...problems, ...ours.flatMap((file) => take(file, merged, rules))];
  });
  return problems.length === 0 ? merged : problems;
}

/** A parsed file, the folders that its pointers do not name, and its value as seen from above them. */
type Placed = Parsed & {
  below: string[];
  whole: Json;
  /** How many names before a setting's the author does not write. */
  unsaid?: number;
};

/** What is wrong with the settings that a configuration holds below its key `settings`. */
export function wrongSettings(config: Parsed, rules: RuleInfo[]): Problem[] {
  const { settings } = config.value as JsonMap;
  const at = {
    ...config,
    below: ["keywarden"],
    whole: { keywarden: { settings: settings ?? {} } },
    unsaid: 1,
  };
  return [...wrong(at, rules), ...wrongPatterns(at, rules)];
}

function placed(file: DataFile): Placed | Problem {
  if (isProblem(file)) return file;
  const { below, source } = file;
  const read = parsed(source);
  if (isProblem(read)) return read;
  return { ...read, below, whole: below.reduceRight<Json>((inner, name) => ({ [name]: inner }), read.value) };
}

const isOurs = (value: Json): boolean => isMap(value) && "keywarden" in value;

const silent = (file: string): Problem => ({
  file,
  message: "It holds no keywarden.settings.",
  remedy: "Write the settings below keywarden.settings, by rule.",
});

function take(file: Placed, into: { [subject: string]: JsonMap }, rules: RuleInfo[]): Problem[] {
  const problems = [...wrong(file, rules), ...wrongPatterns(file, rules)];
  return problems.length > 0 ? problems : merge(into, file);
}

function parsed(source: Source): Parsed | Problem {
  if (/^\uFEFF?\s*\{/.test(source.text)) return parseJson(source);
  const documents = parseYaml(source);
  if (isProblem(documents)) return documents;
  const [first, second] = documents;
  if (first !== undefined && second === undefined) return first;
  return sourceProblem(
    source,
    null,
    first === undefined ? "The file is empty." : "The file holds several YAML documents.",
    "Write one document with the settings below keywarden.settings.",
  );
}

function wrong(at: Placed, rules: RuleInfo[]): Problem[] {
  if (validate(at.whole)) return [];
  // Of a setting with several errors, as its alternatives give, the innermost says the most.
  const byPlace = new Map<string, ErrorObject>();
  for (const error of validate.errors ?? []) {
    const place = [...pointerParts(error.instancePath).slice(0, 4), nameIn(error)].join("/");
    const other = byPlace.get(place);
    if (other === undefined || other.instancePath.length < error.instancePath.length)
      byPlace.set(place, error);
  }
  return [...byPlace.values()]
    .map((error) => told(error, at, rules))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** Regular expressions that RE2 does not take: they would match nothing without a word. */
function wrongPatterns(at: Placed, rules: RuleInfo[]): Problem[] {
  return rules.flatMap(({ settings }) =>
    Object.entries(settings).flatMap(([setting, schema]) => {
      const path = [...PLACE, ...setting.split(".")];
      const value = path.reduce<Json | undefined>((whole, name) => within(whole, name), at.whole);
      if (schema["format"] !== "regex" || typeof value !== "string" || isPattern(value)) return [];
      const message = `${named(at, path)} is ${JSON.stringify(value)}: allowed is ${describeAllowed(schema)}.`;
      return [problemAt(at, path, message, `${schema.description ?? setting}.`)];
    }),
  );
}

const within = (whole: Json | undefined, name: string): Json | undefined =>
  whole !== undefined && isMap(whole) ? whole[name] : undefined;

/** RE2 has no lookarounds and no back-references. */
function isPattern(text: string): boolean {
  if (/\(\?<?[=!]|\\[1-9]/.test(text)) return false;
  try {
    return new RegExp(text.replace(/^\(\?[imsU]+\)/, "").replaceAll("(?P<", "(?<")) !== null;
  } catch {
    return false;
  }
}

function told(error: ErrorObject, at: Placed, rules: RuleInfo[]): Problem {
  const path = pointerParts(error.instancePath);
  const name = nameIn(error);
  if (name === undefined) {
    const schema = (error.parentSchema ?? {}) as SettingSchema;
    const setting = rules.map((rule) => rule.settings[path.slice(2, 4).join(".")]).find(Boolean);
    return problemAt(
      at,
      path,
      `${named(at, path)} is ${JSON.stringify(error.data)}: allowed is ${describeAllowed(schema)}.`,
      setting === undefined
        ? `Write the settings as ${named(at, [...PLACE, "RULE", "SETTING"])}.`
        : `${quotes(error.data, schema)}${setting.description ?? path.at(-1)}; ${JSON.stringify(setting.default)} by default.`,
    );
  }
  const names = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
  const there = [...path, name];
  const near = nearest(name, names);
  const meant = near === undefined ? "" : `Did you mean ${near}? `;
  if (path.length < 2)
    return keyProblem(
      at,
      there,
      `There is no ${there.join(".")}.`,
      "Write the settings below keywarden.settings.",
    );
  if (path.length > 2)
    return keyProblem(
      at,
      there,
      `${path.slice(2).join(".")} has no setting ${name}.`,
      `${meant}It has: ${names.join(", ")}.`,
    );
  if (rules.some((rule) => rule.id === name))
    return keyProblem(
      at,
      there,
      `The rule ${name} has no settings.`,
      `Those that have: ${names.join(", ")}.`,
    );
  return keyProblem(
    at,
    there,
    `There is no rule ${name}.`,
    `${meant}keywarden explain RULE shows the settings of a rule.`,
  );
}

/** An id of digits alone is a number to YAML and JSON. */
const quotes = (value: unknown, schema: SettingSchema): string =>
  schema.type === "string" &&
  typeof value === "number" &&
  new RegExp(String(schema.pattern ?? "")).test(String(value))
    ? `Put it in quotes: "${value}". `
    : "";

/** Takes over what is new; what stands in two files would depend on their order. */
function merge(into: { [subject: string]: JsonMap }, at: Placed): Problem[] {
  const settings = ((at.whole as JsonMap)["keywarden"] as JsonMap)["settings"];
  return Object.entries((settings ?? {}) as { [subject: string]: JsonMap }).flatMap(([subject, own]) => {
    const known = into[subject] ?? {};
    into[subject] = { ...known, ...own };
    return Object.keys(own)
      .filter((name) => name in known)
      .map((name) =>
        problemAt(
          at,
          [...PLACE, subject, name],
          `${subject}.${name} is given twice, by another file too.`,
          "Keep one of them.",
        ),
      );
  });
}

const named = ({ unsaid = 0 }: Placed, path: string[]): string => path.slice(unsaid).join(".");

const problemAt = (at: Placed, path: string[], message: string, remedy: string): Problem =>
  sourceProblem(at, pointerTo(path.slice(at.below.length)), message, remedy);

/** At the name itself. */
const keyProblem = (at: Placed, path: string[], message: string, remedy: string): Problem =>
  path.length > at.below.length
    ? sourceProblem(at.source, keyOffset(at, pointerTo(path.slice(at.below.length))), message, remedy)
    : problemAt(at, path, message, remedy);

/** The name that is not known, where that is what is wrong. */
const nameIn = (error: ErrorObject): string | undefined =>
  error.keyword === "additionalProperties"
    ? (error.params as { additionalProperty: string }).additionalProperty
    : undefined;
