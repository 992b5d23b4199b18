import { dirname, resolve, sep } from "node:path";
import { nearest } from "../../core/model/nearest.ts";
import { pointerTo } from "../../core/model/node.ts";
import type { RuleInfo } from "../../core/model/report.ts";
import type { Parsed, Problem } from "../../core/model/source.ts";
import { isProblem, sourceProblem } from "../../core/parse/problem.ts";
import { findConfigs } from "../../node/config.ts";
import { merged } from "./merge.ts";
import { readFile } from "./read.ts";
import { list, saidIn, shown, written } from "./said.ts";
import { type Config, type ConfigFile, type ConfigSource, type Preset, presets } from "./types.ts";
import { wrongIn } from "./wrong.ts";

export interface ConfigRequest {
  /** Absolute. */
  cwd: string;
  /** The file that is named, where none is to be looked for. */
  file?: string | undefined;
  rules: RuleInfo[];
}

export interface Loaded {
  config: Config;
  /** The weakest first. */
  sources: ConfigSource[];
  /** Where there are some, the configuration is not to be used. */
  problems: Problem[];
}

/** The configuration of a run: of the file that is named, else of the one that is found, else the defaults. */
export function loadConfig({ cwd, file, rules }: ConfigRequest): Loaded {
  const run: Run = { cwd, rules, problems: [], sources: [] };
  const found = file === undefined ? findConfigs(cwd) : [resolve(cwd, file)];
  const [path, other] = found;
  if (path !== undefined && other !== undefined)
    run.problems.push({
      file: shown(cwd, path),
      message: `${shown(cwd, other)} is a configuration too.`,
      remedy: "Keep one of them: which one counts would depend on an order.",
    });
  else if (path !== undefined) take(run, path, dirname(path));
  return { config: merged(cwd, run.sources), sources: run.sources, problems: run.problems };
}

interface Run {
  cwd: string;
  rules: RuleInfo[];
  problems: Problem[];
  sources: ConfigSource[];
}

/** Adds what a file goes on from, then the file. `by`: where it is named. */
function take(run: Run, path: string, globs: string, by?: Place): void {
  const read = readFile(path, shown(run.cwd, path));
  if (isProblem(read)) {
    run.problems.push(by === undefined || read.line !== undefined ? read : named(by, read));
    return;
  }
  const file = { ...read, value: written(read.value) };
  const problems = wrongIn(file, run.rules);
  run.problems.push(...problems);
  if (problems.length > 0) return;
  const value = file.value as ConfigFile;
  const bases = value.extends === undefined ? [] : list(value.extends);
  for (const [i, base] of bases.entries())
    goOn(run, {
      file,
      base,
      globs,
      chain: [...(by?.chain ?? []), path],
      pointer: Array.isArray(value.extends) ? `/extends/${i}` : "/extends",
    });
  run.sources.push({
    file: file.source.path,
    kind: "file",
    folder: globs,
    says: saidIn(value, { paths: dirname(path), globs, cwd: run.cwd }),
    line: (key) => file.locate(pointerTo(key)).start.line,
  });
}

/** Where a file is extended. */
interface Place {
  file: Parsed;
  pointer: string;
  /** As it is written there. */
  base: string;
  /** What the globs of the extending file are relative to. */
  globs: string;
  /** The extending file, after those that lead to it. */
  chain: string[];
}

/** A file that cannot be read is looked for where it is named. */
const named = ({ file, pointer, base }: Place, { message, remedy }: Problem): Problem =>
  sourceProblem(
    file,
    pointer,
    `extends ${base}: ${message}`,
    remedy.replace("the working directory", "the folder of this configuration"),
  );

function goOn(run: Run, place: Place): void {
  const { file, pointer, base, globs, chain } = place;
  const wrong = (message: string, remedy: string) =>
    run.problems.push(sourceProblem(file, pointer, message, remedy));
  if (isPreset(base)) {
    run.sources.push({
      file: file.source.path,
      kind: "preset",
      folder: globs,
      says: { preset: base },
      line: () => file.locate(pointer).start.line,
    });
    return;
  }
  if (!/[./]/.test(base)) {
    const names = Object.keys(presets);
    wrong(
      `extends is ${JSON.stringify(base)}: allowed is the path of a file, or ${names.join(", ")}.`,
      `Did you mean ${nearest(base, names)}? A path has an ending or a slash: ./${base}.`,
    );
    return;
  }
  const target = resolve(dirname(chain.at(-1) as string), base);
  if (chain.includes(target)) {
    const circle = [...chain.slice(chain.indexOf(target)), target].map((one) => shown(run.cwd, one));
    wrong(`extends leads in a circle: ${circle.join(" → ")}.`, "Take one of them out of extends.");
    return;
  }
  // The folder of a package says nothing about the paths of those who use it.
  const folder = target.split(sep).includes("node_modules") ? globs : dirname(target);
  take(run, target, folder, place);
}

const isPreset = (name: string): name is Preset => Object.hasOwn(presets, name);
