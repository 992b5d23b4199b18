/**
 * Generates the JSON Schema of the rule settings (policies/schemas/settings.json) from the METADATA of the rules, and the
 * function that validates them (src/session/generated/settings.js): to compile a schema at run time takes 60 ms. Run by
 * scripts/bundle.ts.
 */
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { buildSync } from "esbuild";
import type { SettingSchema } from "../src/core/model/report.ts";

const root = new URL("..", import.meta.url).pathname;

type Schema = { [keyword: string]: unknown };

type Subjects = { [subject: string]: { [name: string]: SettingSchema } };

export const settingsSchema = (subjects: Subjects): Schema => ({
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Rule settings of Keywarden",
  type: "object",
  properties: { keywarden: closed({ settings: settingsOfSubjects(subjects) }) },
});

export const settingsOfSubjects = (subjects: Subjects): Schema =>
  closed(Object.fromEntries(Object.entries(subjects).map(([name, own]) => [name, closed(own as Schema)])));

const closed = (properties: Schema): Schema => ({
  type: "object",
  additionalProperties: false,
  properties,
});

/**
 * Returns the source of a module whose default export validates a value and sets `errors` as Ajv does. `first`: it stops at
 * the first error and reports fewer details. For the document schema, the full code would take a megabyte.
 */
export function validator(
  schema: Schema,
  writtenBy: string,
  format: "esm" | "cjs" = "esm",
  { first = false } = {},
): string {
  const ajv = new Ajv({
    allErrors: !first,
    verbose: !first,
    inlineRefs: !first,
    allowUnionTypes: true,
    unicodeRegExp: false,
    // src/session/rule-settings.ts validates patterns: RE2 accepts less than JavaScript.
    formats: { regex: true },
    code: { source: true, esm: true },
  });
  // The code requires Ajv's helpers by name: bundle them.
  const { outputFiles } = buildSync({
    stdin: { contents: standalone.default(ajv, ajv.compile(schema)), resolveDir: root, loader: "js" },
    bundle: true,
    write: false,
    format,
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: first,
    minifyIdentifiers: first,
    legalComments: "none",
    logLevel: "warning",
  });
  return `// Written by ${writtenBy}.\n${outputFiles[0]?.text}`;
}
