import type { Level, RuleInfo } from "../../core/model/report.ts";
import { matcher, resourceMatcher } from "./globs.ts";
import type { Config, Preset } from "./types.ts";

/** The parts of a finding on which its level depends. `level`: the level that the rule gave to this finding. */
export interface LevelQuery {
  rule: string;
  file: string;
  resource: string;
  level?: Level;
}

/** Returns a function from a finding to its level: from overrides, else from levels, else from the preset. */
export function levelResolver(config: Config, rules: RuleInfo[]): (finding: LevelQuery) => Level {
  const byPreset = new Map(rules.map((rule) => [rule.id, presetLevel(config.preset, rule)]));
  const ruleLevels = new Map(rules.map((rule) => [rule.id, rule.level]));
  const overrides = config.overrides.map(({ files, resources, levels }) => ({
    levels,
    matchesFile: perPath(files === undefined ? () => true : matcher(files, config.cwd)),
    matchesResource: resources === undefined ? () => true : resourceMatcher(resources),
  }));
  return ({ rule, file, resource, level }) => {
    const override = overrides.findLast(
      (candidate) =>
        rule in candidate.levels && candidate.matchesFile(file) && candidate.matchesResource(resource),
    );
    const configured = override?.levels[rule] ?? config.levels[rule];
    if (configured !== undefined) return configured;
    const presetDefault = byPreset.get(rule) ?? "error";
    // A rule may give some findings a lower level. It applies unless the preset changes the level of the rule.
    return level !== undefined && presetDefault === ruleLevels.get(rule) ? level : presetDefault;
  };
}

export function presetLevel(preset: Preset, { level, presets = {} }: RuleInfo): Level {
  if (preset === "recommended") return level;
  if (preset === "cheat-sheet") return presets[preset] ?? "off";
  return level === "note" || level === "off" ? "warning" : level;
}

/** Caches the result per path: a run has many findings in few files. */
function perPath(matches: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const cached = known.get(path);
    if (cached !== undefined) return cached;
    const result = matches(path);
    known.set(path, result);
    return result;
  };
}
