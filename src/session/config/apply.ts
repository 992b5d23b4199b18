import type { TargetByPath, TargetOptions } from "../../core/model/format.ts";
import { matcher } from "./globs.ts";
import type { ByPath, Config } from "./types.ts";

type RuleSettingsBySubject = Config["settings"];

/** Returns the rule settings of a config. `overrides` take precedence, setting by setting. */
export function mergeRuleSettings(
  { settings }: Pick<Config, "settings">,
  overrides: RuleSettingsBySubject = {},
): RuleSettingsBySubject {
  const subjects = Object.entries(overrides).map(([subject, values]) => [
    subject,
    { ...settings[subject], ...values },
  ]);
  return { ...settings, ...Object.fromEntries(subjects) };
}

/** Returns a test for paths that the config ignores when directories are searched. */
export function ignoreMatcher({ ignore, cwd }: Config): { test(path: string): boolean } {
  return { test: matcher(ignore, cwd) };
}

/** Returns the account and Region of the config, by path if they depend on it. */
export const targetOptions = (config: Config): TargetOptions & TargetByPath => ({
  ...targetOf(config),
  ...(config.accounts.length + config.regions.length > 0 ? { targetOf: targetsByPath(config) } : {}),
});

/** Returns a function from a path to the account and Region that the config sets for it. */
export function targetsByPath(config: Config): (path: string) => TargetOptions {
  const accounts = valueByPath(config.accounts, config.cwd);
  const regions = valueByPath(config.regions, config.cwd);
  return (path) =>
    targetOf({ account: accounts(path) ?? config.account, region: regions(path) ?? config.region });
}

const targetOf = ({
  account,
  region,
}: { [N in keyof TargetOptions]?: string | undefined }): TargetOptions => ({
  ...(account === undefined ? {} : { account }),
  ...(region === undefined ? {} : { region }),
});

function valueByPath(values: ByPath[], cwd: string): (path: string) => string | undefined {
  const all = values.map(({ files, value }) => ({ value, matches: matcher([files], cwd) }));
  return (path) => all.findLast(({ matches }) => matches(path))?.value;
}
