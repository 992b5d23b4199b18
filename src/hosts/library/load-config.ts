import { resolve } from "node:path";
import type { RuleInfo } from "../../core/model/report.ts";
import type { Problem, Source } from "../../core/model/source.ts";
import { isProblem } from "../../core/parse/problem.ts";
import { readData } from "../../node/data.ts";
import { readSource } from "../../node/source.ts";
import { loadConfig as load } from "../../session/config/load.ts";
import { settingsOf } from "../../session/rule-settings.ts";
import { wrongConfig } from "./config.ts";
import { LoadedConfig } from "./loaded-config.ts";
import type { LoadConfigOptions } from "./options.ts";

export function loadConfigFor({ cwd: from = ".", file }: LoadConfigOptions, rules: RuleInfo[]): LoadedConfig {
  const cwd = resolve(from);
  const { config, sources, problems } = load({ cwd, file, rules });
  if (problems.length > 0) throw wrongConfig(problems);
  const at = (path: string) => resolve(cwd, path);
  // What is read is called as the configuration calls it.
  const read = (path: string): Source | Problem => {
    const found = readSource(at(path));
    return isProblem(found) ? { ...found, file: path } : { ...found, path };
  };
  const suppressions = config.suppressions.map(read);
  const baseline = config.baseline === undefined ? undefined : read(config.baseline);
  const named = [config.flags["data"] ?? []].flat().map(String);
  const settings = settingsOf(new Map(named.map((path) => [path, readData(at(path))])), rules);
  const wrong = [
    ...[...suppressions, ...(baseline === undefined ? [] : [baseline])].filter(isProblem),
    ...(Array.isArray(settings) ? (settings as Problem[]) : []),
  ];
  if (wrong.length > 0) throw wrongConfig(wrong);
  return new LoadedConfig({
    cwd,
    files: sources.filter(({ kind }) => kind === "file").map((source) => source.file),
    sources,
    settings: settings as { [rule: string]: { [name: string]: unknown } },
    suppressions: suppressions as Source[],
    ...(baseline === undefined ? {} : { baseline: baseline as Source }),
  });
}
