import { pattern } from "../core/model/pattern.ts";
import { isRegion } from "../core/model/region.ts";
import type { Notice } from "../core/model/report.ts";
import { bundledRules } from "./assets.ts";
import { defaultConfig, type Loaded, loadConfig } from "./config/index.ts";
import type { Config } from "./config/types.ts";
import { refusal } from "./flags/unsupported.ts";
import { give, type Values, type VerbName, verbs } from "./flags/values.ts";
import type { Io } from "./host-io.ts";

/** A command as it was called, and what applies to it. */
export interface Call {
  /** What follows the verb. */
  names: string[];
  /** Of the command line; below that of the environment; below that of the configuration. */
  values: Values;
  /** Without what the configuration says, which may be read again. */
  given: Values;
  /** conftest's behaviour, where ours is stricter. */
  compat: boolean;
  /** Remarks about the call itself. */
  remarks: Notice[];
  loaded: Loaded;
  io: Io;
}

/** A call with its configuration, or what is wrong with it. */
export function callOf(
  verb: VerbName,
  { names, given, remarks, io }: Pick<Call, "names" | "given" | "remarks" | "io">,
): Call | string {
  const loaded = loadedFor(verb, given, io);
  const values: Values = { ...reportFor(verb, valuesOf(loaded.config)), ...given };
  const wrong = wrongValue(values) ?? (names.length === 0 ? verbs[verb] : undefined);
  if (wrong !== undefined) return wrong;
  return { names, values, given, compat: values["conftest-compat"] === true, remarks, loaded, io };
}

/** Only `test` reports in the form that is said for all runs; the others have forms of their own. */
export function reportFor(verb: VerbName, values: Values): Values {
  if (verb === "test") return values;
  const { output: _, ...others } = values;
  return others;
}

/** The configuration, for what depends on it. */
function loadedFor(verb: VerbName, { "config-file": file }: Values, io: Io): Loaded {
  if (verb === "rules" || verb === "explain")
    return { config: defaultConfig(io.cwd), sources: [], problems: [] };
  return loadConfig({ cwd: io.cwd, rules: bundledRules(io), ...(file === undefined ? {} : { file }) });
}

/** What is wrong with a call, whatever its verb. */
function wrongValue(values: Values): string | undefined {
  const { account, region, ignore } = values;
  if (account !== undefined && !/^\d{12}$/.test(account)) return `--account ${account} is not twelve digits`;
  if (region !== undefined && !isRegion(region))
    return `--region ${region} is no Region such as eu-central-1`;
  const unnamed = values.var?.find((given) => !/^[^\s=]+=/.test(given));
  if (unnamed !== undefined) return `--var ${unnamed} is not NAME=VALUE`;
  if (ignore !== undefined && pattern(ignore) === undefined)
    return `--ignore ${ignore} is no regular expression (RE2)`;
  return refusal(values);
}

/** What a configuration says by the names of flags. */
function valuesOf({ flags, baseline }: Pick<Config, "flags" | "baseline">): Values {
  const values: Values = baseline === undefined ? {} : { baseline };
  for (const [name, value] of Object.entries(flags)) {
    if (Array.isArray(value)) Object.assign(values, { [name]: value });
    else give(values, name, value);
  }
  return values;
}

/** https://no-color.org: any value that is not empty. */
export function colour(values: Values, { env }: Io, terminal: boolean): boolean {
  if (values["no-color"] === true) return false;
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return terminal && env["TERM"] !== "dumb";
}
