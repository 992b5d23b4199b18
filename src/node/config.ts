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
const PLACES = [
  ...["yaml", "yml", "json", "js", "mjs", "cjs", "ts"].map((ending) => `${NAME}.config.${ending}`),
  ...["", ".yaml", ".yml", ".json"].map((ending) => `.${NAME}rc${ending}`),
  PACKAGE,
];

/**
 * The configurations in the nearest folder that has some: the working directory, or one above it in the same
 * repository. Not beyond: a script that stands in somebody else's folder would be run.
 */
export function findConfigs(cwd: string): string[] {
  for (const folder of foldersFrom(cwd)) {
    const found = configsIn(folder);
    if (found.length > 0) return found.map((name) => join(folder, name));
  }
  return [];
}

function* foldersFrom(cwd: string): Generator<string> {
  const folders = [cwd];
  for (let folder = cwd; !existsSync(join(folder, ".git")); ) {
    const above = dirname(folder);
    if (above === folder) return yield cwd;
    folders.push(above);
    folder = above;
  }
  yield* folders;
}

/** The search costs more than the look whether there is something to search. */
function configsIn(folder: string): string[] {
  const names = PLACES.filter((name) => existsSync(join(folder, name)));
  if (names.length === 0) return [];
  const explorer = lazy.cosmiconfig().cosmiconfigSync(NAME, {
    searchPlaces: names,
    searchStrategy: "none",
    ignoreEmptySearchPlaces: false,
    cache: false,
    transform: (found) => (found?.isEmpty && basename(found.filepath) === PACKAGE ? null : found),
    loaders: Object.fromEntries(["noExt", ...endings(names)].map((ending) => [ending, holds])),
  });
  const first = explorer.search(folder)?.filepath;
  const others = names.filter((name) => name !== PACKAGE || explorer.load(join(folder, name)) !== null);
  // The search passes over what it may not read.
  return first === undefined
    ? others
    : [basename(first), ...others.filter((name) => name !== basename(first))];
}

const endings = (names: string[]): string[] => names.flatMap((name) => /\w(\.\w+)$/.exec(name)?.[1] ?? []);

/** Whether a file is a configuration: what it says is read elsewhere, with its lines. */
const holds: LoaderSync = (path, text) => {
  if (basename(path) !== PACKAGE) return {};
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return text.includes(`"${NAME}"`) ? { [NAME]: {} } : {};
  }
};

export function readConfig(path: string, shown: string): Source | Problem {
  try {
    const read = decodeUtf8(shown, readFileSync(path));
    return "problem" in read ? read.problem : { path: shown, text: read.text };
  } catch (error) {
    return ioProblem(shown, error);
  }
}

/** What a script gives: its default export. Throws what the script throws. */
export function runConfig(path: string): unknown {
  const given: unknown = quietly(() => createRequire(path)(path));
  if (typeof given !== "object" || given === null || !("default" in given)) return given;
  return given.default;
}

/** That modules are required, and types stripped, is an experiment to some releases of Node, and to nobody else. */
function quietly<T>(run: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = (...[warning, about, ...rest]: unknown[]) => {
    const { type, code } = (typeof about === "object" ? about : { type: about, code: rest[0] }) as {
      type?: unknown;
      code?: unknown;
    };
    if (type !== "ExperimentalWarning" && code !== "MODULE_TYPELESS_PACKAGE_JSON")
      Reflect.apply(emitWarning, process, [warning, about, ...rest]);
  };
  try {
    return run();
  } finally {
    process.emitWarning = emitWarning;
  }
}
