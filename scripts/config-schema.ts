/**
 * Generates the JSON Schema of the config file for editors (policies/schemas/config.json) and the function that validates
 * it (src/session/generated/config.cjs). Rules, levels and settings come from the METADATA of the rules. Run by
 * scripts/bundle.ts.
 */

import type { RuleInfo, SettingSchema } from "../src/core/model/report.ts";
import { type ConfigFlag, configFlags, presets } from "../src/session/config/types.ts";
import { settingsOfSubjects } from "./settings-schema.ts";

type Schema = { [keyword: string]: unknown };

const LEVELS = ["error", "warning", "note", "off"];
const account = {
  type: "string",
  pattern: "^\\d{12}$",
  title: "twelve digits in quotes",
  description: "Account that owns the keys",
};
const region = {
  type: "string",
  pattern: "^[a-z]{2}(-[a-z]+)+-\\d$",
  title: "a Region such as eu-central-1",
  description: "Region of the deployment",
};
const glob = {
  type: "string",
  pattern: "^[^!]",
  title: "a glob that does not start with !",
  description:
    "Relative to the directory of the config file; a glob without a slash matches names at any depth",
};
const path = { type: "string", description: "Relative to the directory of the config file" };

export function configSchema(
  rules: RuleInfo[],
  subjects: { [subject: string]: { [name: string]: SettingSchema } },
): Schema {
  const level = ({ id, title, level }: RuleInfo) => [
    id,
    { enum: LEVELS, default: level, description: `${title} (default: ${level})` },
  ];
  const levels = closed("Level of each rule", Object.fromEntries(rules.map(level)));
  const own = {
    $schema: { type: "string", description: "URL of this schema, for editors" },
    extends: oneOrMore({ type: "string" }, "Paths of config files, and presets, that this config extends"),
    preset: {
      enum: Object.keys(presets),
      default: "recommended",
      description: Object.entries(presets)
        .map(([name, about]) => `${name}: ${about}`)
        .join("; "),
    },
    levels: { $ref: "#/definitions/levels" },
    settings: {
      ...settingsOfSubjects(subjects),
      description: "Settings of rules; trust contains the trusted accounts and organizations",
    },
    account,
    accounts: byPath(account, "Account that owns the keys, by globs of paths; later entries take precedence"),
    region,
    regions: byPath(region, "Region of the deployment, by globs of paths; later entries take precedence"),
    ignore: {
      type: ["array", "string"],
      items: glob,
      description: "Paths to skip in directories: a list of globs, or one regular expression as in conftest",
    },
    overrides: {
      type: "array",
      description: "Levels for some files or resources; later entries take precedence",
      items: {
        ...closed("If both files and resources are set, both must match", {
          files: oneOrMore(glob, "Globs of paths"),
          resources: oneOrMore({ type: "string" }, "Patterns of resource names; * and ? are wildcards"),
          levels: { $ref: "#/definitions/levels" },
        }),
        required: ["levels"],
      },
    },
    suppressions: oneOrMore(path, "Paths of suppression files"),
    baseline: { type: "string", description: "Path of the baseline, whose findings are ignored" },
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Keywarden config",
    ...closed("Config file of Keywarden, such as keywarden.config.yaml", {
      ...own,
      ...Object.fromEntries(Object.entries(configFlags).map(([name, flag]) => [name, flagSchema(flag)])),
    }),
    definitions: { levels },
  };
}

/**
 * Returns an equivalent schema that compiles to less code: rule names are a list, and flags are grouped by kind. Settings
 * have their own schema (src/session/rule-settings.ts).
 */
export function checkedSchema(schema: Schema): Schema {
  const { properties, definitions } = schema as { properties: Schema; definitions: { levels: Schema } };
  const kind = (kind: ConfigFlag["kind"]) =>
    Object.keys(configFlags).filter((name) => configFlags[name]?.kind === kind);
  const kinds = (["boolean", "string", "list"] as const).map((one) => [
    `^(${kind(one).join("|")})$`,
    flagSchema({ kind: one }),
  ]);
  const own = Object.entries(properties).filter(([name]) => configFlags[name] === undefined);
  const names = Object.keys(definitions.levels["properties"] as Schema);
  return {
    ...schema,
    properties: {
      ...Object.fromEntries(own),
      settings: { type: "object", description: "Settings are grouped by rule" },
    },
    patternProperties: Object.fromEntries(kinds),
    definitions: {
      levels: {
        type: "object",
        description: "Levels are keyed by rule",
        propertyNames: { enum: names },
        additionalProperties: { enum: LEVELS },
      },
    },
  };
}

const closed = (description: string, properties: Schema): Schema => ({
  type: "object",
  description,
  additionalProperties: false,
  properties,
});

const oneOrMore = (items: Schema, description: string): Schema => ({
  ...items,
  type: ["string", "array"],
  items,
  description,
});

const byPath = (value: Schema, description: string): Schema => ({
  type: "object",
  additionalProperties: value,
  propertyNames: glob,
  description,
});

const flagSchema = ({ kind, description }: Pick<ConfigFlag, "kind"> & Partial<ConfigFlag>): Schema => ({
  ...(kind === "list"
    ? { type: ["string", "array"], items: { type: "string" } }
    : { type: kind === "string" ? "string" : "boolean" }),
  ...(description === undefined ? {} : { description }),
});
