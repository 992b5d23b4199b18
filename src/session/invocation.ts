import { nearest } from "../core/model/nearest.ts";
import { re2Pattern } from "../core/model/pattern.ts";
import { isRegion } from "../core/model/region.ts";
import type { Notice } from "../core/model/report.ts";
import { bundledRules } from "./assets.ts";
import { type ConfigResult, defaultConfig, loadConfigFile } from "./config/index.ts";
import { applyLayer } from "./config/merge.ts";
import type { Config } from "./config/types.ts";
import { isCi } from "./flags/environment.ts";
import { unsupportedFlag } from "./flags/unsupported.ts";
import { type CommandName, type FlagValues, setFlag } from "./flags/values.ts";
import type { Io } from "./host-io.ts";

/** A command with its arguments, flags and config. */
export interface Invocation {
  /** The arguments after the command. */
  arguments: string[];
  /** From the command line, else from the environment, else from the config. */
  flags: FlagValues;
  /** Without the flags of the config, which may be loaded again. */
  explicitFlags: FlagValues;
  /** Follow conftest's behavior in cases in which Keywarden is stricter. */
  compat: boolean;
  /** Notices about environment variables and config keys that have no effect. */
  notices: Notice[];
  /** Account and Region flags are part of the config; its layers are those of files only. */
  loaded: ConfigResult;
  io: Io;
}

/** Returns the invocation with its config, or an error message. */
export function createInvocation(
  command: CommandName,
  invocation: Pick<Invocation, "arguments" | "explicitFlags" | "notices" | "io">,
): Invocation | string {
  const { explicitFlags, io } = invocation;
  if (explicitFlags["no-config"] === true && explicitFlags["config-file"] !== undefined)
    return "--no-config and --config-file (KEYWARDEN_CONFIG_FILE) exclude each other. Remove one of them.";
  const loaded = loadFor(command, explicitFlags, io);
  const flags: FlagValues = { ...withoutOutput(command, configFlagValues(loaded.config)), ...explicitFlags };
  const problem = flagProblem(flags) ?? unknownRuleProblem(flags, io);
  if (problem !== undefined) return problem;
  return {
    ...invocation,
    flags,
    notices: [...invocation.notices, ...loaded.notices],
    compat: flags["conftest-compat"] === true,
    loaded: { ...loaded, config: withTarget(loaded.config, flags) },
  };
}

/** Only `test` uses the output format that the environment or the config sets: other commands have other formats. */
export function withoutOutput(command: CommandName, values: FlagValues): FlagValues {
  if (command === "test") return values;
  const { output: _, ...others } = values;
  return others;
}

/** Loads the config if the command depends on it. */
function loadFor(
  command: CommandName,
  { "config-file": file, "no-config": noConfig }: FlagValues,
  io: Io,
): ConfigResult {
  if (command === "rules" || command === "explain" || command === "completion" || noConfig === true)
    return { config: defaultConfig(io.cwd), layers: [], problems: [], notices: [] };
  return loadConfigFile({ cwd: io.cwd, rules: bundledRules(io), file, ci: isCi(io.env) });
}

/** Returns an error message for a value that no command accepts. */
function flagProblem(values: FlagValues): string | undefined {
  const { account, region, ignore } = values;
  if (account !== undefined && !/^\d{12}$/.test(account))
    return `--account: "${account}" is not an account ID. Use twelve digits.`;
  if (region !== undefined && !isRegion(region))
    return `--region: "${region}" is not an AWS Region. Example: eu-central-1`;
  // The message doesn't repeat the value, which may be a password.
  const invalidPair = values.var?.findIndex((pair) => !/^[^\s=]+=/.test(pair)) ?? -1;
  if (invalidPair >= 0) return `--var: value ${invalidPair + 1} has no name or value. Use NAME=VALUE.`;
  if (ignore !== undefined && re2Pattern(ignore) === undefined)
    return `--ignore: "${ignore}" is not a regular expression (RE2). Example: \\.tpl$`;
  return unsupportedFlag(values);
}

/** Returns an error message for a rule that does not exist. With a misspelled rule, a gate would be weaker unnoticed. */
function unknownRuleProblem({ "fail-on-unknown": rules }: FlagValues, io: Io): string | undefined {
  if (!Array.isArray(rules)) return undefined;
  const ids = bundledRules(io).map(({ id }) => id);
  const missing = rules.find((rule) => !ids.includes(rule));
  return missing === undefined
    ? undefined
    : `--fail-on-unknown: there is no rule "${missing}". Did you mean ${nearest(missing, ids)}?`;
}

/** Returns the flags that the config sets. */
function configFlagValues({ flags, baseline }: Pick<Config, "flags" | "baseline">): FlagValues {
  const values: FlagValues = baseline === undefined ? {} : { baseline };
  for (const [name, value] of Object.entries(flags)) {
    if (Array.isArray(value)) Object.assign(values, { [name]: value });
    else setFlag(values, name, value);
  }
  return values;
}

/** Returns the config with the account and Region of flags, which apply to all paths. */
const withTarget = (config: Config, { account, region }: FlagValues): Config =>
  applyLayer(config, {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  });

/** Returns whether to print colors. https://no-color.org: any value that is not empty turns them off. */
export function useColor(values: FlagValues, { env }: Io, terminal: boolean): boolean {
  if (values["no-color"] === true) return false;
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return terminal && env["TERM"] !== "dumb";
}
