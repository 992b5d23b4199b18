import { dirname, resolve, sep } from "node:path";
import { nearest } from "../../core/model/nearest.ts";
import { pointerTo } from "../../core/model/node.ts";
import type { RuleInfo } from "../../core/model/report.ts";
import type { Parsed, Problem } from "../../core/model/source.ts";
import { isProblem, sourceProblem } from "../../core/parse/problem.ts";
import { findConfigs } from "../../node/config.ts";
import { mergeLayers } from "./merge.ts";
import { readFile } from "./read.ts";
import { type Config, type ConfigFile, type ConfigLayer, type Preset, presets } from "./types.ts";
import { validateConfig } from "./validate.ts";
import { asList, cleanConfig, configValues, displayPath } from "./values.ts";

export interface ConfigFileRequest {
  /** Absolute. */
  cwd: string;
  /** Path of the config file. Default: the file in the nearest directory that has one. */
  file?: string | undefined;
  rules: RuleInfo[];
}

export interface ConfigResult {
  config: Config;
  /** In order of increasing precedence. */
  layers: ConfigLayer[];
  /** The config must not be used if there are problems. */
  problems: Problem[];
}

/** Loads the requested config file, or the nearest one. Returns the defaults if there is none. */
export function loadConfigFile({ cwd, file, rules }: ConfigFileRequest): ConfigResult {
  const state: LoadState = { cwd, rules, problems: [], layers: [] };
  const found = file === undefined ? findConfigs(cwd) : [resolve(cwd, file)];
  const [path, other] = found;
  if (path !== undefined && other !== undefined)
    state.problems.push({
      file: displayPath(cwd, path),
      message: `There is a second config file in this directory: ${displayPath(cwd, other)}.`,
      remedy: "Remove one of them, or select one with --config-file.",
    });
  else if (path !== undefined) loadFile(state, path, dirname(path));
  return { config: mergeLayers(cwd, state.layers), layers: state.layers, problems: state.problems };
}

interface LoadState {
  cwd: string;
  rules: RuleInfo[];
  problems: Problem[];
  layers: ConfigLayer[];
}

/** Adds the layers that a file extends, then its own. `extension`: the `extends` entry that refers to the file. */
function loadFile(state: LoadState, path: string, globs: string, extension?: Extension): void {
  const read = readFile(path, displayPath(state.cwd, path));
  if (isProblem(read)) {
    const isOwn = extension === undefined || read.line !== undefined;
    state.problems.push(isOwn ? read : extensionProblem(extension, read));
    return;
  }
  const file = { ...read, value: cleanConfig(read.value) };
  const problems = validateConfig(file, state.rules);
  state.problems.push(...problems);
  if (problems.length > 0) return;
  const value = file.value as ConfigFile;
  const bases = value.extends === undefined ? [] : asList(value.extends);
  for (const [i, base] of bases.entries())
    extend(state, {
      file,
      base,
      globDirectory: globs,
      chain: [...(extension?.chain ?? []), path],
      pointer: Array.isArray(value.extends) ? `/extends/${i}` : "/extends",
    });
  state.layers.push({
    file: file.source.path,
    kind: "file",
    directory: globs,
    values: configValues(value, { paths: dirname(path), globs, cwd: state.cwd }),
    line: (key) => file.locate(pointerTo(key)).start.line,
  });
}

/** One entry of `extends`. */
interface Extension {
  file: Parsed;
  pointer: string;
  /** As written. */
  base: string;
  /** Directory to which the globs of the extending file are relative. */
  globDirectory: string;
  /** Paths of the config files that extend each other, up to the extending file. */
  chain: string[];
}

/** Returns the problem of a file that cannot be read, at the entry that names it. */
const extensionProblem = ({ file, pointer, base }: Extension, { message, remedy }: Problem): Problem =>
  sourceProblem(
    file,
    pointer,
    `Cannot extend ${base}: ${message}`,
    remedy.replace("the working directory", "the directory of this config file"),
  );

function extend(state: LoadState, extension: Extension): void {
  const { file, pointer, base, globDirectory: globs, chain } = extension;
  const addProblem = (message: string, remedy: string) =>
    state.problems.push(sourceProblem(file, pointer, message, remedy));
  if (isPreset(base)) {
    state.layers.push({
      file: file.source.path,
      kind: "preset",
      directory: globs,
      values: { preset: base },
      line: () => file.locate(pointer).start.line,
    });
    return;
  }
  if (!/[./]/.test(base)) {
    const names = Object.keys(presets);
    addProblem(
      `extends is ${JSON.stringify(base)}; it must be the path of a file, or one of ${names.join(", ")}.`,
      `Did you mean ${nearest(base, names)}? A path contains a dot or a slash: ./${base}.`,
    );
    return;
  }
  const target = resolve(dirname(chain.at(-1) as string), base);
  if (chain.includes(target)) {
    const cycle = [...chain.slice(chain.indexOf(target)), target].map((configPath) =>
      displayPath(state.cwd, configPath),
    );
    addProblem(`Config files extend each other: ${cycle.join(" → ")}.`, "Remove one of these extends.");
    return;
  }
  // Globs in a package apply to the project that uses it, not to the directory of the package.
  const directory = target.split(sep).includes("node_modules") ? globs : dirname(target);
  loadFile(state, target, directory, extension);
}

const isPreset = (name: string): name is Preset => Object.hasOwn(presets, name);
