import { dirname, resolve } from "node:path";
import { pointerTo } from "../../core/model/node.ts";
import type { Notice } from "../../core/model/report.ts";
import type { Parsed, Problem } from "../../core/model/source.ts";
import { sourceProblem } from "../../core/parse/problem.ts";
import {
  findEscape,
  findSpecial,
  isInside,
  isLink,
  isRegularFile,
  realPathOf,
  staysInside,
} from "../../node/containment.ts";
import { parseOutput } from "../flags/output.ts";
import { type ConfigFile, configFlags } from "./types.ts";
import { asList, displayPath } from "./values.ts";

/**
 * Limits of the config files that Keywarden finds by itself. The author of the checked files may have written them, so they
 * read nothing outside the repository, write nothing outside the working directory, do not decide that nothing fails, and
 * take no time without a limit.
 */
export interface FoundLimits {
  /** Absolute path of the repository, or of the working directory if it is in none. */
  root: string;
  cwd: string;
  /** The process is a CI job. */
  ci: boolean;
}

const NAME_IT = "name the config file with --config-file";

/** Returns the problem of a config file that leads out of the repository, or would block reading. */
export function foundFileProblem(path: string, { root, cwd }: FoundLimits): Problem | undefined {
  const file = displayPath(cwd, path);
  if (!isInside(root, path))
    return {
      file,
      message: "The path is outside the repository.",
      remedy: `Move the file into the repository, or ${NAME_IT}.`,
    };
  if (!staysInside(root, path))
    return {
      file,
      message: "The config file is a link that leads out of the repository.",
      remedy: `Replace the link with a file, or ${NAME_IT}.`,
    };
  if (isRegularFile(path)) return undefined;
  return { file, message: "It is not a regular file.", remedy: "Replace it with a regular file." };
}

const readKeys = [
  "suppressions",
  "baseline",
  ...Object.keys(configFlags).filter((name) => configFlags[name]?.path === true),
] as (keyof ConfigFile)[];

/** Returns a problem for each value that a found config file may not have. */
export function foundValueProblems(file: Parsed, path: string, limits: FoundLimits): Problem[] {
  const { root, cwd } = limits;
  const value = file.value as ConfigFile;
  const found = (
    key: keyof ConfigFile,
    problemOf: (written: string) => [message: string, remedy: string] | undefined,
  ) =>
    asList((value[key] ?? []) as string | string[])
      .map(problemOf)
      .filter((problem) => problem !== undefined)
      .map(([message, remedy]) => sourceProblem(file, pointerTo([key]), message, remedy));
  const read = readKeys.flatMap((key) =>
    found(key, (written) => {
      const target = resolve(dirname(path), written);
      const escape = findEscape(root, target);
      const remedy = `Use a path in the repository, or ${NAME_IT}.`;
      if (escape !== undefined)
        return [`${key} leads out of the repository: ${displayPath(cwd, escape)}.`, remedy];
      // Keywarden waits for the writer of each pipe.
      const special = findSpecial(target);
      return special === undefined
        ? undefined
        : [
            `${key} reads ${displayPath(cwd, special)}, which is not a regular file.`,
            "Replace it with a regular file.",
          ];
    }),
  );
  const written = Object.entries(writtenPath).flatMap(([key, pathIn]) =>
    found(key as keyof ConfigFile, (text) => {
      const target = pathIn(text);
      if (target === undefined || mayWrite(resolve(cwd, target), cwd)) return undefined;
      const remedy = `Use a path in the working directory that is not a link, or set --${key} on the command line.`;
      return [`${key} must not be written to ${target}.`, remedy];
    }),
  );
  // The command `baseline` writes it, also outside the working directory.
  const baseline = found("baseline", (text) =>
    isInGit(resolve(dirname(path), text))
      ? [`baseline must not be written to ${text}.`, "Use a path that is not in .git."]
      : undefined,
  );
  const pattern =
    typeof value.ignore === "string"
      ? [
          sourceProblem(
            file,
            "/ignore",
            "ignore is a regular expression, which may take very long to match.",
            `Write a list of globs, or ${NAME_IT}.`,
          ),
        ]
      : [];
  return [...read, ...written, ...baseline, ...pattern];
}

/** Returns the path that the value of a flag writes, by flag. */
const writtenPath: {
  [flag in "output" | "decision-log" | "listen" | "state-dir"]: (value: string) => string | undefined;
} = {
  output: (value) => parseOutput(value).path ?? undefined,
  "decision-log": (value) => (value === "-" || /^https?:/i.test(value) ? undefined : value),
  "state-dir": (value) => value,
  listen: (value) => (value.startsWith("unix:") ? value.slice("unix:".length) : undefined),
};

const mayWrite = (path: string, cwd: string): boolean =>
  isInside(cwd, path) && staysInside(cwd, path) && !isLink(path) && !isInGit(path);

/** Git runs files in .git. A link can lead there. */
const isInGit = (path: string): boolean =>
  [path, realPathOf(path)].some((one) => /[\\/]\.git([\\/]|$)/i.test(one));

/** Flags that can let a run pass in which nothing was checked, or in which something fails. */
const exitFlags = ["no-fail", "conftest-compat", "namespace"] as const;

/** Returns a found config without the keys that have no effect in CI, and a notice for each of them. */
export function withoutExitFlags(
  file: Parsed,
  value: ConfigFile,
  { ci }: FoundLimits,
): { value: ConfigFile; notices: Notice[] } {
  const ignored = exitFlags.filter((name) => ci && value[name] !== undefined && value[name] !== false);
  return {
    value: Object.fromEntries(
      Object.entries(value).filter(([name]) => !ignored.some((flag) => flag === name)),
    ) as ConfigFile,
    notices: ignored.map((name) => ({
      file: file.source.path,
      line: file.locate(pointerTo([name])).start.line,
      message: `${name} has no effect in CI, because the checked files include this config file. Set --${name} on the command line, or ${NAME_IT}.`,
    })),
  };
}
