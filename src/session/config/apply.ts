import type { TargetByPath, TargetOptions } from "../../core/model/format.ts";
import { matcher } from "./globs.ts";
import type { ByPath, Config } from "./types.ts";

export { levelsOf } from "./levels.ts";

type Settings = Config["settings"];

/** The settings of the rules; what `--data` gives comes over those of the configuration. */
export function settingsFor({ settings }: Pick<Config, "settings">, given: Settings = {}): Settings {
  const subjects = Object.entries(given).map(([subject, own]) => [subject, { ...settings[subject], ...own }]);
  return { ...settings, ...Object.fromEntries(subjects) };
}

/** What tells whether a path is passed over: as a regular expression would, for `readPaths`. */
export function ignoredBy({ ignore, cwd }: Config): { test(path: string): boolean } {
  return { test: matcher(ignore, cwd) };
}

/** The account and Region, where they are known. */
export const placeIn = ({
  account,
  region,
}: { [N in keyof TargetOptions]?: string | undefined }): TargetOptions => ({
  ...(account === undefined ? {} : { account }),
  ...(region === undefined ? {} : { region }),
});

/** The same of a configuration, by path where they hang on it. */
export const placesOf = (config: Config): TargetOptions & TargetByPath => ({
  ...placeIn(config),
  ...(config.accounts.length + config.regions.length > 0 ? { targetOf: placeOf(config) } : {}),
});

/** The account and Region of a path, as far as the configuration says them. */
export function placeOf(config: Config): (path: string) => TargetOptions {
  const accounts = valueOf(config.accounts, config.cwd);
  const regions = valueOf(config.regions, config.cwd);
  return (path) => {
    const [account, region] = [accounts(path) ?? config.account, regions(path) ?? config.region];
    return placeIn({ account, region });
  };
}

function valueOf(values: ByPath[], cwd: string): (path: string) => string | undefined {
  const all = values.map(({ files, value }) => ({ value, matches: matcher([files], cwd) }));
  return (path) => all.findLast(({ matches }) => matches(path))?.value;
}
