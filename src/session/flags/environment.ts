import { join } from "node:path";
import { readText } from "../../node/files.ts";
import type { Io } from "../host-io.ts";
import { closest } from "./closest.ts";
import { flagNames, give, type Values } from "./values.ts";

export interface Environment {
  values: Values;
  /** What does not take effect and might have been meant to. */
  remarks: { file: string; message: string }[];
}

const PREFIX = "KEYWARDEN_";

/** Of no use outside a command line. */
const without = new Set(["help", "version"]);

const variableOf = (flag: string): string => PREFIX + flag.toUpperCase().replaceAll("-", "_");

/**
 * What `KEYWARDEN_*` sets, or what is wrong with it. As in conftest an empty one counts as not set, and lists have
 * commas; values of variables, which may hold commas themselves, come one a line.
 */
export function readEnvironment({ env, cwd }: Pick<Io, "env" | "cwd">): Environment | string {
  const values: Values = {};
  const names = flagNames.filter((name) => !without.has(name));
  for (const name of names) {
    const text = env[variableOf(name)];
    if (text === undefined || text === "") continue;
    for (const one of name === "var" ? text.split("\n").filter(Boolean) : separated(name, text)) {
      const wrong = give(values, name, one);
      if (wrong !== undefined) return `${variableOf(name)} ${wrong}`;
    }
  }
  return { values, remarks: [...unknown(env), ...ofConftest(env), ...inFilesOfConftest(cwd)] };
}

/** Those that take commas on the command line too split them themselves. */
const separated = (name: string, text: string): string[] =>
  name === "output" || name === "var-file" ? text.split(",") : [text];

/** A variable whose name is nearly that of a flag. */
const unknown = (env: NodeJS.ProcessEnv) => {
  const known = flagNames.map((flag) => variableOf(flag).slice(PREFIX.length));
  const names = Object.keys(env).filter((name) => name.startsWith(PREFIX));
  return names.flatMap((file) => {
    const name = file.slice(PREFIX.length);
    const hint = known.includes(name) ? "" : closest(name, known, PREFIX);
    return hint === "" ? [] : [{ file, message: `sets nothing${hint}` }];
  });
};

/** A gate that conftest's environment made stricter would be looser without a word. */
const strict = ["fail-on-warn"];
const ofConftest = (env: NodeJS.ProcessEnv) =>
  strict
    .map((flag) => ({ ours: variableOf(flag), file: variableOf(flag).replace(PREFIX, "CONFTEST_") }))
    .filter(({ ours, file }) => (env[file] ?? "") !== "" && (env[ours] ?? "") === "")
    .map(({ ours, file }) => ({ file, message: `is conftest's and sets nothing here: ${ours} does` }));

const inFilesOfConftest = (cwd: string) =>
  ["toml", "yaml", "yml", "json"]
    .map((extension) => `conftest.${extension}`)
    .flatMap((file) => {
      const text = readText(join(cwd, file)) ?? "";
      return strict
        .filter((flag) => text.includes(flag))
        .map((flag) => ({
          file,
          message: `is conftest's, and its ${flag} sets nothing here: --${flag} does`,
        }));
    });
