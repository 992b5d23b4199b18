import { join } from "node:path";
import type { Notice } from "../../core/model/report.ts";
import { readText } from "../../node/files.ts";
import type { Io } from "../host-io.ts";
import { didYouMean } from "./suggestion.ts";
import { type FlagValues, flagNames, setFlag } from "./values.ts";

export interface Environment {
  values: FlagValues;
  /** Notices about variables and files that have no effect, although their names suggest one. */
  notices: Notice[];
}

const PREFIX = "KEYWARDEN_";

/** Variables of CI services that do not set `CI`: Azure Pipelines, AWS CodeBuild, Jenkins and TeamCity. */
const ciVariables = ["TF_BUILD", "CODEBUILD_BUILD_ID", "JENKINS_URL", "TEAMCITY_VERSION"];

/** Returns whether the process is a job of a CI service. */
export const isCi = (env: NodeJS.ProcessEnv): boolean =>
  !/^(|0|false)$/i.test(env["CI"] ?? "") || ciVariables.some((name) => (env[name] ?? "") !== "");

const commandLineOnly = new Set(["help", "version"]);

const variableName = (flag: string): string => PREFIX + flag.toUpperCase().replaceAll("-", "_");

/**
 * Reads flags from `KEYWARDEN_*` variables, or returns an error message. As in conftest, an empty variable counts as not
 * set and lists are comma-separated. Terraform variables and headers, whose values may contain commas, are separated by newlines.
 */
export function readEnvironment({ env, cwd }: Pick<Io, "env" | "cwd">): Environment | string {
  const values: FlagValues = {};
  for (const name of flagNames.filter((name) => !commandLineOnly.has(name))) {
    const text = env[variableName(name)];
    if (text === undefined || text === "") continue;
    for (const value of valuesIn(name, text)) {
      const problem = setFlag(values, name, value);
      if (problem !== undefined) return `${variableName(name)}: ${problem}`;
    }
  }
  return { values, notices: [...misspelled(env), ...conftestVariables(env), ...conftestFiles(cwd)] };
}

/** `setFlag` splits the values of flags that are comma-separated on the command line, too. */
function valuesIn(name: string, text: string): string[] {
  if (name === "var" || name === "decision-log-header") return text.split("\n").filter(Boolean);
  return name === "output" || name === "var-file" ? text.split(",") : [text];
}

/** Returns a notice for each variable whose name is similar to that of a flag. */
function misspelled(env: NodeJS.ProcessEnv): Notice[] {
  const known = flagNames.map((flag) => variableName(flag).slice(PREFIX.length));
  const variables = Object.keys(env).filter((name) => name.startsWith(PREFIX));
  return variables.flatMap((variable) => {
    const name = variable.slice(PREFIX.length);
    const suggestion = known.includes(name) ? "" : didYouMean(name, known, PREFIX);
    return suggestion === "" ? [] : [{ file: variable, message: `unknown variable, ignored.${suggestion}` }];
  });
}

/** Flags that make conftest stricter. A gate that relied on its variables or config would become weaker unnoticed. */
const enforcementFlags = ["fail-on-warn"];

const conftestVariables = (env: NodeJS.ProcessEnv): Notice[] =>
  enforcementFlags
    .map((flag) => ({
      variable: variableName(flag),
      file: variableName(flag).replace(PREFIX, "CONFTEST_"),
    }))
    .filter(({ variable, file }) => (env[file] ?? "") !== "" && (env[variable] ?? "") === "")
    .map(({ variable: own, file }) => ({
      file,
      message: `Keywarden ignores conftest's variables. Set ${own} instead.`,
    }));

const conftestFiles = (cwd: string): Notice[] =>
  ["toml", "yaml", "yml", "json"]
    .map((extension) => `conftest.${extension}`)
    .flatMap((file) => {
      const text = readText(join(cwd, file)) ?? "";
      return enforcementFlags
        .filter((flag) => text.includes(flag))
        .map((flag) => ({
          file,
          message: `Keywarden ignores conftest's config file and its ${flag}. Set --${flag} instead.`,
        }));
    });
