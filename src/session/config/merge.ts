import type { Config, ConfigLayer, ConfigValues } from "./types.ts";

/** Merges layers that are in order of increasing precedence. */
export const mergeLayers = (cwd: string, layers: ConfigLayer[]): Config =>
  layers.reduce((config, { values }) => applyLayer(config, values), defaultConfig(cwd));

export const defaultConfig = (cwd: string): Config => ({
  cwd,
  preset: "recommended",
  levels: {},
  settings: {},
  accounts: [],
  regions: [],
  ignore: [],
  overrides: [],
  suppressions: [],
  flags: {},
});

/**
 * Returns the config with the values of a layer that takes precedence over it. Lists are concatenated. Any other
 * value replaces the previous one, and a value for all paths also replaces previous values for some paths.
 */
export function applyLayer(config: Config, values: ConfigValues): Config {
  const { preset, levels = {}, settings = {}, account, accounts = [], region, regions = [] } = values;
  const { ignore = [], overrides = [], suppressions = [], baseline, flags } = values;
  const subjects = Object.entries(settings).map(([subject, subjectSettings]) => [
    subject,
    { ...config.settings[subject], ...subjectSettings },
  ]);
  return {
    ...config,
    ...(preset === undefined ? {} : { preset }),
    levels: { ...config.levels, ...levels },
    settings: { ...config.settings, ...Object.fromEntries(subjects) },
    ...(account === undefined ? {} : { account }),
    accounts: [...(account === undefined ? config.accounts : []), ...accounts],
    ...(region === undefined ? {} : { region }),
    regions: [...(region === undefined ? config.regions : []), ...regions],
    ignore: [...config.ignore, ...ignore],
    overrides: [...withoutRules(config.overrides, levels), ...overrides],
    suppressions: [...config.suppressions, ...suppressions],
    ...(baseline === undefined ? {} : { baseline }),
    flags: { ...config.flags, ...flags },
  };
}

const withoutRules = (overrides: Config["overrides"], levels: Config["levels"]): Config["overrides"] =>
  overrides.map((override) => ({
    ...override,
    levels: Object.fromEntries(Object.entries(override.levels).filter(([rule]) => !(rule in levels))),
  }));
