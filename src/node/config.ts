import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { LoaderSync } from "cosmiconfig";
import type { Problem, Source } from "../core/model/source.ts";
import { decodeUtf8 } from "../core/parse/decode.ts";
import { readFileAt } from "./bytes.ts";
import { isPresent } from "./containment.ts";
import lazy from "./lazy.cts";
import { ioProblem, tooLargeProblem } from "./problems.ts";

const NAME = "keywarden";
const PACKAGE = "package.json";
/** Names of config files. If a directory has several, the first one is reported with the others. */
const FILE_NAMES = [
  ...["yaml", "yml", "json", "js", "mjs", "cjs", "ts"].map((extension) => `${NAME}.config.${extension}`),
  ...["", ".yaml", ".yml", ".json"].map((extension) => `.${NAME}rc${extension}`),
  PACKAGE,
];
const MAX_BYTES = 10 * 1024 * 1024;

export interface ConfigSearch {
  /** Absolute paths. */
  files: string[];
  /** The directory that contains everything that the files may refer to. */
  root: string;
}

/**
 * Returns the config files of the nearest directory that has one, from the working directory up to the root of its
 * repository. The search ends there, because other people may write the directories above it.
 */
export function findConfigs(cwd: string): ConfigSearch {
  const directories = directoriesFrom(cwd);
  const root = directories.at(-1) as string;
  for (const directory of directories) {
    const names = configsIn(directory);
    if (names.length > 0) return { files: names.map((name) => join(directory, name)), root };
  }
  return { files: [], root };
}

/** Returns the directory and those above it in the same repository; outside of a repository, only the directory. */
function directoriesFrom(cwd: string): string[] {
  const directories = [cwd];
  for (let directory = cwd; !isPresent(join(directory, ".git")); ) {
    const parent = dirname(directory);
    if (parent === directory) return [cwd];
    directories.push(parent);
    directory = parent;
  }
  return directories;
}

/** Returns the names of the config files in a directory. Loads cosmiconfig only if one of the names exists. */
function configsIn(directory: string): string[] {
  const names = FILE_NAMES.filter((name) => isPresent(join(directory, name)));
  if (names.length === 0) return [];
  // A pipe would block the search, and it skips a link without a target. Reading them later reports them.
  const special = names.filter((name) => !isFile(join(directory, name)));
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

const isFile = (path: string): boolean => {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && (stat.isFile() || stat.isDirectory());
};

const extensionsOf = (names: string[]): string[] =>
  names.flatMap((name) => /\w(\.\w+)$/.exec(name)?.[1] ?? []);

/**
 * Returns an empty config for a file that has one: Keywarden's own parsers read it later and keep line numbers, and what
 * cosmiconfig would read on the word of a file, such as its $import, stays unread. An invalid package.json that mentions
 * Keywarden counts as a config, so that reading it reports the error.
 */
const hasConfig: LoaderSync = (path, text) => {
  if (basename(path) !== PACKAGE) return {};
  try {
    return Object.hasOwn(JSON.parse(text) ?? {}, NAME) ? { [NAME]: {} } : {};
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
