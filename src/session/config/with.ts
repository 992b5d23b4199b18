import type { RuleInfo } from "../../core/model/report.ts";
import type { Problem } from "../../core/model/source.ts";
import { parseJson } from "../../core/parse/json.ts";
import { isProblem } from "../../core/parse/problem.ts";
import { loadConfig } from "./load.ts";
import { defaults, merged } from "./merge.ts";
import { saidIn, written } from "./said.ts";
import type { Config, ConfigFile } from "./types.ts";
import { wrongIn } from "./wrong.ts";

export interface ConfigWithRequest {
  /** Absolute. */
  cwd: string;
  /** The file that is named; `false`: none is looked for. */
  file?: string | false | undefined;
  rules: RuleInfo[];
  /** What comes over the file, in its form; paths and globs start at the working directory. */
  said: ConfigFile;
  /** What messages call that. */
  by: string;
}

/** The configuration of a program's call: what the file says, and over it what the program says. */
export function configWith({ cwd, file, rules, said, by }: ConfigWithRequest): {
  config: Config;
  problems: Problem[];
} {
  const { sources, problems } =
    file === false ? { sources: [], problems: [] } : loadConfig({ cwd, file, rules });
  const given = parseJson({ path: by, text: JSON.stringify(said) });
  if (isProblem(given)) return { config: defaults(cwd), problems: [...problems, given] };
  const own = { ...given, value: written(given.value) };
  // All of it stands on one line.
  const wrong = wrongIn(own, rules).map(({ line: _, column: __, ...problem }) => problem);
  if (wrong.length > 0) return { config: defaults(cwd), problems: [...problems, ...wrong] };
  const says = saidIn(own.value as ConfigFile, { paths: cwd, globs: cwd, cwd });
  const last = { file: by, kind: "file" as const, folder: cwd, says, line: () => undefined };
  return { config: merged(cwd, [...sources, last]), problems };
}
