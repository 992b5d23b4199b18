import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Problem, Source } from "../core/model/source.ts";
import { decode } from "../core/parse/decode.ts";
import { ioProblem } from "./problems.ts";

const NAME = "keywarden";
const PACKAGE = "package.json";
/** Names of config files. If a directory has several, the first one is reported with the others. */
const FILE_NAMES = [
  ...["yaml", "yml", "json", "js", "mjs", "cjs", "ts"].map((extension) => `${NAME}.config.${extension}`),
  ...["", ".yaml", ".yml", ".json"].map((extension) => `.${NAME}rc${extension}`),
  PACKAGE,
];

/**
 * Returns the config files of the nearest directory that has one, from the working directory up to the root of its
 * repository. The search ends there, because it would otherwise run scripts in directories of other people.
 */
export function findConfigs(cwd: string): string[] {
  for (const directory of directoriesFrom(cwd)) {
    const found = FILE_NAMES.map((name) => join(directory, name)).filter(isConfig);
    if (found.length > 0) return found;
  }
  return [];
}

/** Returns the directory and those above it in the same repository; outside of a repository, only the directory. */
function directoriesFrom(cwd: string): string[] {
  const directories = [cwd];
  for (let directory = cwd; !existsSync(join(directory, ".git")); ) {
    const parent = dirname(directory);
    if (parent === directory) return [cwd];
    directories.push(parent);
    directory = parent;
  }
  return directories;
}

const isConfig = (path: string): boolean =>
  existsSync(path) && (!path.endsWith(PACKAGE) || hasPackageConfig(path));

/** Returns whether a package.json has a config. If it is not valid JSON but mentions one, reading it reports the error. */
function hasPackageConfig(path: string): boolean {
  let text = "";
  try {
    text = readFileSync(path, "utf8");
    const value = JSON.parse(text) as { [NAME]?: unknown } | null;
    return (value?.[NAME] ?? null) !== null;
  } catch {
    return text.includes(`"${NAME}"`);
  }
}

/** Reads a config file. `shown`: its path in messages. */
export function readConfig(path: string, shown: string): Source | Problem {
  try {
    const read = decode(shown, readFileSync(path));
    return "problem" in read ? read.problem : { path: shown, text: read.text };
  } catch (error) {
    return ioProblem(shown, error);
  }
}

/** Runs a config script and returns its default export. Throws what the script throws. */
export function runConfig(path: string): unknown {
  const exported: unknown = quietly(() => createRequire(path)(path));
  if (typeof exported !== "object" || exported === null || !("default" in exported)) return exported;
  return exported.default;
}

/** Hides the warnings of some Node.js releases that require() of ES modules and type stripping are experimental. */
function quietly<T>(run: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = (...[warning, options, ...rest]: unknown[]) => {
    const { type, code } = (typeof options === "object" ? options : { type: options, code: rest[0] }) as {
      type?: unknown;
      code?: unknown;
    };
    if (type !== "ExperimentalWarning" && code !== "MODULE_TYPELESS_PACKAGE_JSON")
      Reflect.apply(emitWarning, process, [warning, options, ...rest]);
  };
  try {
    return run();
  } finally {
    process.emitWarning = emitWarning;
  }
}
