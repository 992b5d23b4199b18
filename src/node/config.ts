import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { LoaderSync } from "cosmiconfig";
import type { Problem, Source } from "../core/model/source.ts";
import { decodeUtf8 } from "../core/parse/decode.ts";
import { readFileAt } from "./bytes.ts";
import lazy from "./lazy.cts";
import { ioProblem, tooLargeProblem } from "./problems.ts";

const NAME = "keywarden";
const MAX_BYTES = 10 * 1024 * 1024;
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
    const found = configsIn(directory);
    if (found.length > 0) return found.map((name) => join(directory, name));
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

/** Returns the names of the config files in a directory. Loads cosmiconfig only if one of the names exists. */
function configsIn(directory: string): string[] {
  const names = FILE_NAMES.filter((name) => existsSync(join(directory, name)));
  if (names.length === 0) return [];
  // A pipe would block the search. Reading it later reports it.
  const special = names.filter((name) => isSpecial(join(directory, name)));
  if (special.length > 0) return special;
  const { ExplorerSync } = lazy.cosmiconfig();
  const explorer = new ExplorerSync({
    moduleName: NAME,
    searchPlaces: names,
    loaders: Object.fromEntries(["noExt", ...extensionsOf(names)].map((extension) => [extension, hasConfig])),
    searchStrategy: "none",
    stopDir: directory,
    ignoreEmptySearchPlaces: false,
    cache: false,
    mergeImportArrays: true,
    mergeSearchPlaces: true,
    metaConfigFilePath: null,
    transform: (found) => (found?.isEmpty && basename(found.filepath) === PACKAGE ? null : found),
  });
  const first = explorer.search(directory)?.filepath;
  const others = names.filter((name) => name !== PACKAGE || explorer.load(join(directory, name)) !== null);
  // The search skips a file that it is not allowed to read; reading it later reports the error.
  if (first === undefined) return others;
  return [basename(first), ...others.filter((name) => name !== basename(first))];
}

/** Returns whether a path leads to a pipe, socket or device. */
function isSpecial(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

const extensionsOf = (names: string[]): string[] =>
  names.flatMap((name) => /\w(\.\w+)$/.exec(name)?.[1] ?? []);

/**
 * Returns the content of a package.json, and an empty config for any other file: Keywarden's own parsers read these later
 * and keep line numbers. An invalid package.json that mentions Keywarden counts as a config, so that reading it reports
 * the error.
 */
const hasConfig: LoaderSync = (path, text) => {
  if (basename(path) !== PACKAGE) return {};
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return text.includes(`"${NAME}"`) ? { [NAME]: {} } : {};
  }
};

/** Reads a config file. `displayPath`: its path in messages. */
export function readConfig(path: string, displayPath: string): Source | Problem {
  try {
    const bytes = readFileAt(path, MAX_BYTES);
    if (bytes === null) return tooLargeProblem(displayPath, MAX_BYTES);
    const read = decodeUtf8(displayPath, bytes);
    return "problem" in read ? read.problem : { path: displayPath, text: read.text };
  } catch (error) {
    return ioProblem(displayPath, error);
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
