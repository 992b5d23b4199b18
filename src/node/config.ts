import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { LoaderSync } from "cosmiconfig";
import type { Problem, Source } from "../core/model/source.ts";
import { decodeUtf8 } from "../core/parse/decode.ts";
import lazy from "./lazy.cts";
import { ioProblem } from "./problems.ts";

const NAME = "keywarden";
const PACKAGE = "package.json";
const FILE_NAMES = [
  ...["yaml", "yml", "json", "js", "mjs", "cjs", "ts"].map((ending) => `${NAME}.config.${ending}`),
  ...["", ".yaml", ".yml", ".json"].map((ending) => `.${NAME}rc${ending}`),
  PACKAGE,
];

/**
 * Returns the config files in the nearest directory with one: the working directory or a parent in the same repository.
 * Stops at the repository root, because a config file may be a script, and Keywarden would run it.
 */
export function findConfigFiles(cwd: string): string[] {
  for (const directory of directoriesAbove(cwd)) {
    const found = configFilesIn(directory);
    if (found.length > 0) return found.map((name) => join(directory, name));
  }
  return [];
}

function* directoriesAbove(cwd: string): Generator<string> {
  const directories = [cwd];
  for (let directory = cwd; !existsSync(join(directory, ".git")); ) {
    const above = dirname(directory);
    if (above === directory) return yield cwd;
    directories.push(above);
    directory = above;
  }
  yield* directories;
}

/** Returns the names of the config files in a directory, in the order of precedence of cosmiconfig. */
function configFilesIn(directory: string): string[] {
  const names = FILE_NAMES.filter((name) => existsSync(join(directory, name)));
  // Loading cosmiconfig takes longer than these checks.
  if (names.length === 0) return [];
  const explorer = lazy.cosmiconfig().cosmiconfigSync(NAME, {
    searchPlaces: names,
    searchStrategy: "none",
    ignoreEmptySearchPlaces: false,
    cache: false,
    transform: (found) => (found?.isEmpty && basename(found.filepath) === PACKAGE ? null : found),
    loaders: Object.fromEntries(["noExt", ...endings(names)].map((ending) => [ending, placeholderLoader])),
  });
  const first = explorer.search(directory)?.filepath;
  const others = names.filter((name) => name !== PACKAGE || explorer.load(join(directory, name)) !== null);
  // The search skips unreadable files.
  return first === undefined
    ? others
    : [basename(first), ...others.filter((name) => name !== basename(first))];
}

const endings = (names: string[]): string[] => names.flatMap((name) => /\w(\.\w+)$/.exec(name)?.[1] ?? []);

/** Returns a non-empty value if the file is a config file. Keywarden parses the content later, with positions. */
const placeholderLoader: LoaderSync = (path, text) => {
  if (basename(path) !== PACKAGE) return {};
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return text.includes(`"${NAME}"`) ? { [NAME]: {} } : {};
  }
};

export function readConfigFile(path: string, shown: string): Source | Problem {
  try {
    const read = decodeUtf8(shown, readFileSync(path));
    return "problem" in read ? read.problem : { path: shown, text: read.text };
  } catch (error) {
    return ioProblem(shown, error);
  }
}

/** Runs a config script and returns its default export. Throws the errors of the script. */
export function runConfigScript(path: string): unknown {
  const exported: unknown = withoutExperimentalWarnings(() => createRequire(path)(path));
  if (typeof exported !== "object" || exported === null || !("default" in exported)) return exported;
  return exported.default;
}

/** Suppresses the warnings of some Node.js releases about `require` of ES modules and about type stripping. */
function withoutExperimentalWarnings<T>(run: () => T): T {
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
