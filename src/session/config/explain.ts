import type { RuleInfo } from "../../core/model/report.ts";
import { matcher } from "./globs.ts";
import { presetLevel } from "./levels.ts";
import type { Config, ConfigSource, Override } from "./types.ts";

/** One thing that a configuration says about a file. */
interface Row {
  name: string;
  value: string;
  from: string;
}

/** What applies to a file, and from where: the configuration in words. */
export function explainConfig(
  config: Config,
  sources: ConfigSource[],
  file: string,
  rules: RuleInfo[],
): string {
  const own = sources.filter(({ kind }) => kind === "file").map((source) => source.file);
  const ignored = ignoring(config, sources, file);
  const preset = last(sources, ({ says }) => says.preset !== undefined);
  const sections: [title: string, rows: Row[]][] = [
    ["", general(config, sources, file)],
    ["Levels", rules.flatMap((rule) => levelRows(rule, config, sources, file))],
    ["Settings", settings(sources)],
    ["Flags", flagRows(sources)],
  ];
  const [nearest, ...bases] = own.reverse();
  return `${[
    nearest === undefined
      ? `${file}: no configuration was found; every rule has its own level and settings.`
      : `${file}: by ${nearest}${bases.length === 0 ? "" : `, which extends ${bases.join(", ")}`}.`,
    ...(ignored === undefined ? [] : [`It is passed over in folders: ${ignored}.`]),
    ...sections.filter(([, rows]) => rows.length > 0).map(([title, rows]) => section(title, rows)),
    `All other rules and settings: as the preset ${config.preset} has them${preset === undefined ? "" : ` (${place(preset, ["preset"])})`}.`,
  ].join("\n\n")}\n`;
}

function section(title: string, rows: Row[]): string {
  const width = (of: (row: Row) => string) => Math.max(...rows.map((row) => of(row).length));
  const [name, value] = [width((row) => row.name), width((row) => row.value)];
  const lines = rows.map((row) => `  ${row.name.padEnd(name)}  ${row.value.padEnd(value)}  ${row.from}`);
  return [...(title === "" ? [] : [title]), ...lines].join("\n");
}

function general(config: Config, sources: ConfigSource[], file: string): Row[] {
  const row = (name: string, value: string, source: ConfigSource | undefined, key = [name]): Row[] =>
    source === undefined ? [] : [{ name, value, from: place(source, key) }];
  const one = (name: "account" | "region", list: "accounts" | "regions"): Row[] => {
    for (const source of sources.toReversed()) {
      const byPath = source.says[list]?.findLast(({ files }) => matcher([files], config.cwd)(file));
      if (byPath !== undefined)
        return row(name, byPath.value, source, [list, ...globKey(byPath.files, source)]);
      if (source.says[name] !== undefined) return row(name, source.says[name], source);
    }
    return [];
  };
  return [
    ...row(
      "preset",
      config.preset,
      last(sources, ({ says }) => says.preset !== undefined),
    ),
    ...one("account", "accounts"),
    ...one("region", "regions"),
    ...sources.flatMap((source) =>
      (source.says.suppressions ?? []).flatMap((value) => row("suppressions", value, source)),
    ),
    ...row(
      "baseline",
      config.baseline ?? "",
      last(sources, ({ says }) => says.baseline !== undefined),
    ),
  ];
}

/** The glob as it was written is not kept: the line of its list has to do where its folder has another name. */
const globKey = (files: string, { folder }: ConfigSource): string[] =>
  files.startsWith(`${folder}/`) ? [files.slice(folder.length + 1).replace(/^\*\*\/(?=[^/]+$)/, "")] : [];

function levelRows(rule: RuleInfo, config: Config, sources: ConfigSource[], file: string): Row[] {
  const rows: Row[] = [];
  for (const source of sources.toReversed()) {
    const { overrides = [], levels = {} } = source.says;
    for (const [i, override] of [...overrides.entries()].reverse()) {
      const value = override.levels[rule.id];
      if (value === undefined || !isAbout(override, file, config.cwd)) continue;
      const name = `${rule.id}${override.resources === undefined ? "" : ` (${override.resources.join(", ")})`}`;
      rows.push({ name, value, from: place(source, ["overrides", String(i), "levels", rule.id]) });
      if (override.resources === undefined) return rows;
    }
    const value = levels[rule.id];
    if (value === undefined) continue;
    return [...rows, { name: rule.id, value, from: place(source, ["levels", rule.id]) }];
  }
  const level = presetLevel(config.preset, rule);
  const usual = {
    name: rule.id,
    value: level,
    from: level === rule.level ? "its own" : `preset ${config.preset}`,
  };
  return level === rule.level && rows.length === 0 ? [] : [...rows, usual];
}

const isAbout = ({ files }: Override, file: string, cwd: string): boolean =>
  files === undefined || matcher(files, cwd)(file);

function settings(sources: ConfigSource[]): Row[] {
  const rows = new Map<string, Row>();
  for (const source of sources)
    for (const [subject, own] of Object.entries(source.says.settings ?? {}))
      for (const [setting, value] of Object.entries(own)) {
        const name = `${subject}.${setting}`;
        const from = place(source, ["settings", subject, setting]);
        rows.set(name, { name, value: JSON.stringify(value), from });
      }
  return sorted(rows);
}

function flagRows(sources: ConfigSource[]): Row[] {
  const rows = new Map<string, Row>();
  for (const source of sources)
    for (const [name, value] of Object.entries(source.says.flags ?? {}))
      rows.set(name, { name, value: String(value), from: place(source, [name]) });
  return sorted(rows);
}

const sorted = (rows: Map<string, Row>): Row[] =>
  [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

function ignoring(config: Config, sources: ConfigSource[], file: string): string | undefined {
  for (const source of sources)
    for (const [i, glob] of (source.says.ignore ?? []).entries())
      if (matcher([glob], config.cwd)(file)) return place(source, ["ignore", String(i)]);
  return undefined;
}

const last = (sources: ConfigSource[], is: (source: ConfigSource) => boolean) => sources.findLast(is);

function place(source: ConfigSource, key: string[]): string {
  const line = source.line(key);
  return line === undefined ? source.file : `${source.file}:${line}`;
}
