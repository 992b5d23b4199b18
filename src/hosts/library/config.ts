import type { JsonMap } from "../../core/model/json.ts";
import type { RuleInfo } from "../../core/model/report.ts";
import type { Json, Parsed, Problem } from "../../core/model/source.ts";
import { foreignMessage, isForeign, plain } from "../../session/config/plain.ts";
import { saidIn, written } from "../../session/config/said.ts";
import type { Config, ConfigFile, ConfigSource } from "../../session/config/types.ts";
import { type flagsInFile, presets } from "../../session/config/types.ts";
import { wrongIn } from "../../session/config/wrong.ts";
import { CheckError } from "./error.ts";
import type { ConfigParts } from "./loaded-config.ts";

/** What stands in a file that cannot be read from within a program's object, and the option for it. */
const paths: { [key: string]: string } = {
  suppressions: "the option suppressions",
  baseline: "the option baseline",
  data: "the option settings",
};

/** What is wrong with a plain configuration, by its keys: it stands in no file. */
export function wrongWith(given: Json, rules: readonly RuleInfo[]): Problem[] {
  const start = { line: 1, column: 1, offset: 0 };
  const parsed: Parsed = {
    source: { path: "config", text: "" },
    value: written(given),
    locate: () => ({ start, end: start }),
  };
  return wrongIn(parsed, [...rules]).map(({ message, remedy }) => ({ file: "config", message, remedy }));
}

/** A plain object as the parts of a configuration. Throws a CheckError. */
export function partsOfPlain(given: ConfigFile, rules: readonly RuleInfo[], cwd: string): ConfigParts {
  const value = plain(given);
  if (isForeign(value)) throw new CheckError("invalid-config", foreignMessage(value, "config"));
  const problems = wrongWith(value, rules);
  if (problems.length === 0) problems.push(...pathsIn(written(value) as JsonMap));
  if (problems.length > 0) throw wrongConfig(problems);
  const sources = sourcesOf(written(value) as ConfigFile, cwd);
  return { cwd, files: [], sources, settings: {}, suppressions: [] };
}

/** The sources of an object that is known to be right. */
export function sourcesOf(value: ConfigFile, cwd: string): ConfigSource[] {
  const source = (says: ConfigSource["says"], kind: ConfigSource["kind"]): ConfigSource => ({
    file: "config",
    kind,
    folder: cwd,
    says,
    line: () => undefined,
  });
  const bases = [value.extends ?? []].flat() as (keyof typeof presets)[];
  return [
    ...bases.map((preset) => source({ preset }, "preset")),
    source(saidIn(value, { paths: cwd, globs: cwd, cwd }), "file"),
  ];
}

export const wrongConfig = (problems: Problem[]): CheckError =>
  new CheckError("invalid-config", problems.map(inWords).join("\n"), { problems });

const inWords = ({ file, line, message, remedy }: Problem): string =>
  `${file}${line === undefined ? "" : `:${line}`}: ${message} ${remedy}`;

function pathsIn(value: JsonMap): Problem[] {
  const wrong = (message: string, remedy: string): Problem => ({ file: "config", message, remedy });
  const bases = [value["extends"] ?? []].flat().filter((base) => !Object.hasOwn(presets, String(base)));
  return [
    ...bases.map((base) =>
      wrong(
        `extends is ${JSON.stringify(base)}: an object extends presets alone.`,
        "Read files with loadConfig.",
      ),
    ),
    ...Object.entries(paths)
      .filter(([key]) => key in value)
      .map(([key, option]) =>
        wrong(
          `${key} names files, which nothing reads for an object.`,
          `Give their content by ${option}, or read the configuration with loadConfig.`,
        ),
      ),
  ];
}

/** What a configuration says by the names of flags about Terraform's variables. */
export function variablesIn({ flags }: Config): { variables: { [name: string]: string }; files: string[] } {
  const listOf = (name: keyof typeof flagsInFile) => [flags[name] ?? []].flat().map(String);
  const pairs = listOf("var").map((given): [string, string] => {
    const end = given.indexOf("=");
    if (end < 1)
      throw new CheckError("invalid-config", `var is ${JSON.stringify(given)}: allowed is NAME=VALUE.`);
    return [given.slice(0, end), given.slice(end + 1)];
  });
  return { variables: Object.fromEntries(pairs), files: listOf("var-file") };
}
