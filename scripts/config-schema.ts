/**
 * Generates the JSON Schema of config files (policies/schemas/config.json), which editors use for completion, and the
 * validator for it (src/session/generated/config.cjs). Rule names, levels and settings come from METADATA. Run by scripts/bundle.ts.
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
  description: "The account that owns the keys",
};
const region = {
  type: "string",
  pattern: "^[a-z]{2}(-[a-z]+)+-\\d$",
  title: "a Region such as eu-central-1",
  description: "The target Region",
};
const glob = {
  type: "string",
  pattern: "^[^!]",
  title: "a glob without !",
  description:
    "A glob is relative to the directory of the config file; a glob without a slash matches names at any depth",
};
const path = { type: "string", description: "A path is relative to the directory of the config file" };

export function configSchema(
  rules: RuleInfo[],
  subjects: { [subject: string]: { [name: string]: SettingSchema } },
): Schema {
  const level = ({ id, title, level }: RuleInfo) => [
    id,
    { enum: LEVELS, default: level, description: `${title} (default: ${level})` },
  ];
  const levels = closed("The levels of rules", Object.fromEntries(rules.map(level)));
  const own = {
    $schema: { type: "string", description: "The URL of this schema, for editors" },
    extends: oneOrMore({ type: "string" }, "Config files and presets that this one extends"),
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
      description: "Rule settings; trust lists the trusted accounts and organizations",
    },
    account,
    accounts: byPath(
      account,
      "The account that owns the keys, by globs of paths; later entries take precedence",
    ),
    region,
    regions: byPath(region, "The target Region, by globs of paths; later entries take precedence"),
    ignore: {
      type: ["array", "string"],
      items: glob,
      description: "A list of globs for paths to skip, or, as in conftest, a regular expression (a string)",
    },
    overrides: {
      type: "array",
      description: "Other levels for some files or resources; later entries take precedence",
      items: {
        ...closed("If both files and resources are set, both must match", {
          files: oneOrMore(glob, "Globs of paths"),
          resources: oneOrMore({ type: "string" }, "Patterns of resources; * and ? are wildcards"),
          levels: { $ref: "#/definitions/levels" },
        }),
        required: ["levels"],
      },
    },
    suppressions: oneOrMore(path, "Paths of suppression files"),
    baseline: {
      type: "string",
      description: "The path of the baseline; Keywarden ignores the findings in it",
    },
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Keywarden config",
    ...closed("keywarden.config.yaml or a config file in another format", {
      ...own,
      ...Object.fromEntries(Object.entries(configFlags).map(([name, flag]) => [name, flagSchema(flag)])),
    }),
    definitions: { levels },
  };
}

/**
 * Returns an equivalent schema whose validator is smaller: rule names are a list, flags are grouped by kind, and
 * src/session/rule-settings.ts validates the settings with their own schema.
 */
export function checkedSchema(schema: Schema): Schema {
  const { properties, definitions } = schema as { properties: Schema; definitions: { levels: Schema } };
  const kind = (kind: ConfigFlag["kind"]) =>
    Object.keys(configFlags).filter((name) => configFlags[name]?.kind === kind);
  const kinds = (["boolean", "string", "list", "boolean-or-list", "headers"] as const).map((one) => [
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
        description: "Levels are set by rule",
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
  ...{
    list: { type: ["string", "array"], items: { type: "string" } },
    "boolean-or-list": { type: ["boolean", "string", "array"], items: { type: "string" } },
    headers: {
      type: ["string", "array", "object"],
      items: { type: "string" },
      additionalProperties: { type: "string" },
    },
    string: { type: "string" },
    boolean: { type: "boolean" },
  }[kind],
  ...(description === undefined ? {} : { description }),
});
