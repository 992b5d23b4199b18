import type { Level, RuleInfo } from "../../core/model/report.ts";
import { matcher, resourceMatcher } from "./globs.ts";
import type { Config, Preset } from "./types.ts";

/** What the level of a finding hangs on. `level`: the one that the rule gave it, which may be its own for the case. */
export interface Judged {
  rule: string;
  file: string;
  resource: string;
  level?: Level;
}

/** The level of each finding: of its rule in the preset, then what the configuration says, then its overrides. */
export function levelsOf(config: Config, rules: RuleInfo[]): (finding: Judged) => Level {
  const byPreset = new Map(rules.map((rule) => [rule.id, presetLevel(config.preset, rule)]));
  const own = new Map(rules.map((rule) => [rule.id, rule.level]));
  const overrides = config.overrides.map(({ files, resources, levels }) => ({
    levels,
    matchesFile: perPath(files === undefined ? () => true : matcher(files, config.cwd)),
    matchesResource: resources === undefined ? () => true : resourceMatcher(resources),
  }));
  return ({ rule, file, resource, level }) => {
    const override = overrides.findLast(
      (one) => rule in one.levels && one.matchesFile(file) && one.matchesResource(resource),
    );
    const said = override?.levels[rule] ?? config.levels[rule];
    if (said !== undefined) return said;
    const usual = byPreset.get(rule) ?? "error";
    // What the preset leaves as it is stays as the rule judged it: some cases weigh less than others.
    return level !== undefined && usual === own.get(rule) ? level : usual;
  };
}

export function presetLevel(preset: Preset, { level, presets = {} }: RuleInfo): Level {
  if (preset === "recommended") return level;
  if (preset === "cheat-sheet") return presets[preset] ?? "off";
  return level === "note" || level === "off" ? "warning" : level;
}

/** A run has many findings in few files. */
function perPath(matches: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const now = matches(path);
    known.set(path, now);
    return now;
  };
}
