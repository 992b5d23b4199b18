import { dirname, resolve, sep } from "node:path";
import { nearest } from "../../core/model/nearest.ts";
import { pointerTo } from "../../core/model/node.ts";
import type { Notice, RuleInfo } from "../../core/model/report.ts";
import type { Parsed, Problem } from "../../core/model/source.ts";
import { isProblem, sourceProblem } from "../../core/parse/problem.ts";
import { findConfigs } from "../../node/config.ts";
import { type FoundLimits, foundFileProblem, foundValueProblems, withoutExitFlags } from "./found.ts";
import { mergeLayers } from "./merge.ts";
import { isScript, readFile } from "./read.ts";
import { type Config, type ConfigFile, type ConfigLayer, type Preset, presets } from "./types.ts";
import { validateConfig } from "./validate.ts";
import { asList, cleanConfig, configValues, displayPath } from "./values.ts";

export interface ConfigFileRequest {
  /** Absolute. */
  cwd: string;
  /** Path of the config file. Default: the file in the nearest directory that has one. */
  file?: string | undefined;
  rules: RuleInfo[];
  /** The process is a CI job. Default: false. */
  ci?: boolean;
}

export interface ConfigResult {
  config: Config;
  /** In order of increasing precedence. */
  layers: ConfigLayer[];
  /** The config must not be used if there are problems. */
  problems: Problem[];
  /** Notices about keys that have no effect. */
  notices: Notice[];
}

/** Loads the requested config file, or the nearest one. Returns the defaults if there is none. */
export function loadConfigFile({ cwd, file, rules, ci = false }: ConfigFileRequest): ConfigResult {
  const found = file === undefined ? findConfigs(cwd) : undefined;
  const limits = found === undefined ? undefined : { root: found.root, cwd, ci };
  const state: LoadState = { cwd, rules, limits, problems: [], notices: [], layers: [] };
  const [path, other] = found?.files ?? [resolve(cwd, file as string)];
  if (path !== undefined && other !== undefined)
    state.problems.push({
      file: displayPath(cwd, path),
      message: `There is a second config file in this directory: ${displayPath(cwd, other)}.`,
      remedy: "Remove one of them, or select one with --config-file.",
    });
  else if (path !== undefined) loadFile(state, path, dirname(path));
  const { layers, problems, notices } = state;
  return { config: mergeLayers(cwd, layers), layers, problems, notices };
}

interface LoadState {
  cwd: string;
  rules: RuleInfo[];
  /** Absent if the user named the config file. */
  limits: FoundLimits | undefined;
  problems: Problem[];
  notices: Notice[];
  layers: ConfigLayer[];
}

/** Adds the layers that a file extends, then its own. `extension`: the `extends` entry that refers to the file. */
function loadFile(state: LoadState, path: string, globs: string, extension?: Extension): void {
  const { limits } = state;
  const read = fileProblem(state, path, extension) ?? readFile(path, displayPath(state.cwd, path));
  if (isProblem(read)) {
    const isOwn = extension === undefined || read.line !== undefined;
    state.problems.push(isOwn ? read : extensionProblem(extension, read));
    return;
  }
  const file = { ...read, value: cleanConfig(read.value) };
  const problems = validateConfig(file, state.rules);
  if (problems.length === 0 && limits !== undefined) problems.push(...foundValueProblems(file, path, limits));
  state.problems.push(...problems);
  if (problems.length > 0) return;
  const { value, notices } = effectiveValue(file, limits);
  state.notices.push(...notices);
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

/** Returns why a file must not be read. */
function fileProblem(state: LoadState, path: string, extension?: Extension): Problem | undefined {
  const { limits, cwd, layers } = state;
  const file = displayPath(cwd, path);
  if (layers.length >= MAX_LAYERS)
    return {
      file,
      message: `Config files extend more than ${MAX_LAYERS} files.`,
      remedy: "Extend fewer files.",
    };
  const isExtendedByScript = extension !== undefined && isScript(extension.chain.at(-1) as string);
  const isNamed = extension === undefined ? limits === undefined : isExtendedByScript;
  if (isScript(path) && !isNamed)
    return extension === undefined
      ? {
          file,
          message: "Keywarden runs a config file in JavaScript or TypeScript only if you name it.",
          remedy: `Name it with --config-file ${file} if you trust the files in this directory, or write the config in YAML.`,
        }
      : {
          file,
          message: "A config file in YAML or JSON cannot extend JavaScript or TypeScript.",
          remedy: "Write the extended file in YAML or JSON.",
        };
  return limits === undefined ? undefined : foundFileProblem(path, limits);
}

/** The files that extend each other could otherwise multiply: two that extend the next one twice are loaded four times. */
const MAX_LAYERS = 100;

const effectiveValue = (file: Parsed, limits: FoundLimits | undefined) =>
  limits === undefined
    ? { value: file.value as ConfigFile, notices: [] }
    : withoutExitFlags(file, file.value as ConfigFile, limits);

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
