/**
 * What a configuration of the rules may hold, from the settings that their METADATA declares: a JSON Schema
 * (policies/schemas/settings.json) and the function that checks it (src/session/generated/settings.js), so that nothing is
 * compiled when the command line runs. Run by scripts/bundle.ts.
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
  title: "A configuration of Keywarden's rules",
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
 * The source of a module whose default export checks a value; its `errors` are Ajv's. `first`: it ends with the first
 * error, tells less of it, and is shorter by far: of the document it would be a megabyte.
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
    // src/session/rule-settings.ts checks it: RE2 takes less than JavaScript.
    formats: { regex: true },
    code: { source: true, esm: true },
  });
  // Ajv's helpers are required by name: they go into the module.
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
