import type { Config, ConfigSource, Said } from "./types.ts";

/** What sources say together, the weakest first. */
export const merged = (cwd: string, sources: ConfigSource[]): Config =>
  sources.reduce((config, { says }) => over(config, says), defaults(cwd));

export const defaults = (cwd: string): Config => ({
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

/** Lists grow; of all else the later word counts: one about all paths also over those about some. */
function over(config: Config, says: Said): Config {
  const { preset, levels = {}, settings = {}, account, accounts = [], region, regions = [] } = says;
  const { ignore = [], overrides = [], suppressions = [], baseline, flags } = says;
  const subjects = Object.entries(settings).map(([subject, own]) => [
    subject,
    { ...config.settings[subject], ...own },
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
    overrides: [...without(config.overrides, levels), ...overrides],
    suppressions: [...config.suppressions, ...suppressions],
    ...(baseline === undefined ? {} : { baseline }),
    flags: { ...config.flags, ...flags },
  };
}

const without = (overrides: Config["overrides"], levels: Config["levels"]): Config["overrides"] =>
  overrides.map((one) => ({
    ...one,
    levels: Object.fromEntries(Object.entries(one.levels).filter(([rule]) => !(rule in levels))),
  }));
