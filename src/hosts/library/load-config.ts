import { resolve } from "node:path";
import type { RuleInfo } from "../../core/model/report.ts";
import { loadConfigFile } from "../../session/config/load.ts";
import { readReferencedFiles } from "../../session/read-files.ts";
import { configError } from "./config.ts";
import { LoadedConfig } from "./loaded-config.ts";
import type { LoadConfigOptions } from "./options.ts";

/** Loads a config and the files to which it refers. Throws a CheckError. */
export function loadConfigFor({ cwd: from = ".", file }: LoadConfigOptions, rules: RuleInfo[]): LoadedConfig {
  const cwd = resolve(from);
  const { config, layers, problems } = loadConfigFile({ cwd, file, rules });
  if (problems.length > 0) throw configError(problems);
  const { suppressions, baseline } = config;
  const data = [config.flags["data"] ?? []].flat().map(String);
  const files = readReferencedFiles({ cwd, suppressions, baseline, data }, rules);
  const unusable = [...files.readProblems, ...files.settingProblems];
  if (unusable.length > 0) throw configError(unusable);
  return new LoadedConfig({
    cwd,
    files: layers.filter(({ kind }) => kind === "file").map((layer) => layer.file),
    layers,
    ruleSettings: files.ruleSettings,
    suppressions: files.suppressions,
    ...(files.baseline === undefined ? {} : { baseline: files.baseline }),
  });
}
