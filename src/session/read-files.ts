import { resolve } from "node:path";
import type { RuleInfo } from "../core/model/report.ts";
import type { Problem, Source } from "../core/model/source.ts";
import { isProblem } from "../core/parse/problem.ts";
import { readData } from "../node/data.ts";
import { readSource } from "../node/source.ts";
import type { Config } from "./config/types.ts";
import { readRuleSettings } from "./rule-settings.ts";

/** Paths of the files to which a config and flags refer, relative to `cwd`. */
export interface FileReferences {
  cwd: string;
  suppressions: readonly string[];
  baseline?: string | undefined;
  /** Files and directories with rule settings. */
  data?: readonly string[];
}

/** The content of the referenced files. Omits files with problems. */
export interface ReferencedFiles {
  suppressions: Source[];
  baseline?: Source;
  ruleSettings: Config["settings"];
  /** Problems of data files. */
  settingProblems: Problem[];
  /** Problems of suppression files and of the baseline. */
  readProblems: Problem[];
}

/** Reads the files to which a config and flags refer. Problems and sources have the paths that were passed. */
export function readReferencedFiles(references: FileReferences, rules: RuleInfo[]): ReferencedFiles {
  const { cwd, suppressions, baseline, data = [] } = references;
  const located = (path: string) => (resolve(cwd, path) === resolve(path) ? path : resolve(cwd, path));
  const read = (path: string): Source | Problem => {
    const found = readSource(located(path));
    return isProblem(found) ? { ...found, file: path } : { ...found, path };
  };
  const files = suppressions.map(read);
  const known = baseline === undefined ? undefined : read(baseline);
  const settings = readRuleSettings(new Map(data.map((path) => [path, readData(located(path))])), rules);
  return {
    suppressions: files.filter((file): file is Source => !isProblem(file)),
    ...(known === undefined || isProblem(known) ? {} : { baseline: known }),
    ruleSettings: Array.isArray(settings) ? {} : (settings as Config["settings"]),
    settingProblems: Array.isArray(settings) ? (settings as Problem[]) : [],
    readProblems: [...files, known].filter(isProblem),
  };
}
