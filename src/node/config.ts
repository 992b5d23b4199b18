import { closeSync, existsSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Problem, Source } from "../core/model/source.ts";
import { decodeUtf8 } from "../core/parse/decode.ts";
import { readDescriptor } from "./bytes.ts";
import { isPresent } from "./containment.ts";
import { ioProblem, tooLargeProblem } from "./problems.ts";

const NAME = "keywarden";
const PACKAGE = "package.json";
/** Names of config files. If a directory has several, the first one is reported with the others. */
const FILE_NAMES = [
  ...["yaml", "yml", "json", "js", "mjs", "cjs", "ts"].map((extension) => `${NAME}.config.${extension}`),
  ...["", ".yaml", ".yml", ".json"].map((extension) => `.${NAME}rc${extension}`),
  PACKAGE,
];
const maxBytes = 10 * 1024 * 1024;

export interface ConfigSearch {
  /** Absolute paths. */
  files: string[];
  /** The directory that contains everything that the files may refer to. */
  root: string;
}

/**
 * Returns the config files of the nearest directory that has one, from the working directory up to the root of its
 * repository. The search ends there, because other people may write the directories above it. Only looks at names, except
 * for package.json.
 */
export function findConfigs(cwd: string): ConfigSearch {
  const directories = directoriesFrom(cwd);
  const root = directories.at(-1) as string;
  for (const directory of directories) {
    const files = FILE_NAMES.map((name) => join(directory, name)).filter(isConfig);
    if (files.length > 0) return { files, root };
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

/** Returns whether a path with the name of a config file is one. A link without a target is: reading it reports the error. */
function isConfig(path: string): boolean {
  if (!path.endsWith(PACKAGE)) return isPresent(path);
  return existsSync(path) && mentionsConfig(path);
}

/**
 * Returns whether a package.json contains a config. An invalid file that mentions Keywarden counts, so that reading it
 * reports the error.
 */
function mentionsConfig(path: string): boolean {
  const read = readConfig(path, path);
  if (!("text" in read)) return false;
  try {
    return Object.hasOwn(JSON.parse(read.text) ?? {}, NAME);
  } catch {
    return read.text.includes(`"${NAME}"`);
  }
}

/** Reads a config file. `displayPath`: its path in messages. */
export function readConfig(path: string, displayPath: string): Source | Problem {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    const bytes = readDescriptor(descriptor, maxBytes);
    if (bytes === null) return tooLargeProblem(displayPath, maxBytes);
    const read = decodeUtf8(displayPath, bytes);
    return "problem" in read ? read.problem : { path: displayPath, text: read.text };
  } catch (error) {
    return ioProblem(displayPath, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
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
