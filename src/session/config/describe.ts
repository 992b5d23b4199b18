import { oneLine } from "../../core/model/escape.ts";
import type { RuleInfo } from "../../core/model/report.ts";
import { matcher } from "./globs.ts";
import { presetLevel } from "./levels.ts";
import { type Config, type ConfigLayer, configFlags, type FlagValue, type Override } from "./types.ts";

/** One effective value, and where it is set. */
interface Row {
  name: string;
  value: string;
  origin: string;
}

/** Returns the effective config of a file as text, with the origin of each value. */
export function describeConfig(
  config: Config,
  layers: ConfigLayer[],
  file: string,
  rules: RuleInfo[],
): string {
  const ignored = ignoreOrigin(config, layers, file);
  const preset = layers.findLast(({ values }) => values.preset !== undefined);
  const presetOrigin = preset === undefined ? "default" : originOf(preset, ["preset"]);
  const sections: [title: string, rows: Row[]][] = [
    ["", generalRows(config, layers, file)],
    ["Levels", rules.flatMap((rule) => levelRows(rule, config, layers, file))],
    ["Rule settings", settingRows(layers)],
    ["Flags", flagRows(layers)],
  ];
  return `${[
    oneLine(heading(file, layers)),
    ...(ignored === undefined ? [] : [`Ignored when Keywarden searches directories: ${oneLine(ignored)}`]),
    ...sections.filter(([, rows]) => rows.length > 0).map(([title, rows]) => section(title, rows)),
    `All other values are those of the preset ${config.preset} (${oneLine(presetOrigin)}).`,
  ].join("\n\n")}\n`;
}

function heading(file: string, layers: ConfigLayer[]): string {
  const files = layers.filter(({ kind }) => kind === "file").map((layer) => layer.file);
  const [nearest, ...bases] = files.reverse();
  if (nearest === undefined)
    return `${file}: no config file found; every rule has its default level and settings.`;
  return `${file}: configured by ${nearest}${bases.length === 0 ? "" : `, which extends ${bases.join(", ")}`}`;
}

function section(title: string, all: Row[]): string {
  const rows = all.map(({ name, value, origin }) => ({
    name: oneLine(name),
    value: oneLine(value),
    origin: oneLine(origin),
  }));
  const width = (cell: (row: Row) => string) => Math.max(...rows.map((row) => cell(row).length));
  const [name, value] = [width((row) => row.name), width((row) => row.value)];
  const lines = rows.map((row) => `  ${row.name.padEnd(name)}  ${row.value.padEnd(value)}  ${row.origin}`);
  return [...(title === "" ? [] : [title]), ...lines].join("\n");
}

function generalRows(config: Config, layers: ConfigLayer[], file: string): Row[] {
  const row = (name: string, value: string, layer: ConfigLayer | undefined, key = [name]): Row[] =>
    layer === undefined ? [] : [{ name, value, origin: originOf(layer, key) }];
  const target = (name: "account" | "region", byPath: "accounts" | "regions"): Row[] => {
    for (const layer of layers.toReversed()) {
      const entry = layer.values[byPath]?.findLast(({ files }) => matcher([files], config.cwd)(file));
      if (entry !== undefined) return row(name, entry.value, layer, [byPath, ...globKey(entry.files, layer)]);
      if (layer.values[name] !== undefined) return row(name, layer.values[name], layer);
    }
    return [];
  };
  const last = (key: "preset" | "baseline") => layers.findLast(({ values }) => values[key] !== undefined);
  return [
    ...row("preset", config.preset, last("preset")),
    ...target("account", "accounts"),
    ...target("region", "regions"),
    ...layers.flatMap((layer) =>
      (layer.values.suppressions ?? []).flatMap((value) => row("suppressions", value, layer)),
    ),
    ...row("baseline", config.baseline ?? "", last("baseline")),
  ];
}

/** Returns the key of a glob in its file. If the glob was written differently, the key is that of the mapping that contains it. */
const globKey = (files: string, { directory }: ConfigLayer): string[] =>
  files.startsWith(`${directory}/`)
    ? [files.slice(directory.length + 1).replace(/^\*\*\/(?=[^/]+$)/, "")]
    : [];

function levelRows(rule: RuleInfo, config: Config, layers: ConfigLayer[], file: string): Row[] {
  const rows: Row[] = [];
  for (const layer of layers.toReversed()) {
    const { overrides = [], levels = {} } = layer.values;
    for (const [i, override] of [...overrides.entries()].reverse()) {
      const value = override.levels[rule.id];
      if (value === undefined || !appliesTo(override, file, config.cwd)) continue;
      const name = `${rule.id}${override.resources === undefined ? "" : ` (${override.resources.join(", ")})`}`;
      rows.push({ name, value, origin: originOf(layer, ["overrides", String(i), "levels", rule.id]) });
      if (override.resources === undefined) return rows;
    }
    const value = levels[rule.id];
    if (value === undefined) continue;
    return [...rows, { name: rule.id, value, origin: originOf(layer, ["levels", rule.id]) }];
  }
  const level = presetLevel(config.preset, rule);
  const origin = level === rule.level ? "default" : `preset ${config.preset}`;
  if (level === rule.level && rows.length === 0) return [];
  return [...rows, { name: rule.id, value: level, origin }];
}

const appliesTo = ({ files }: Override, file: string, cwd: string): boolean =>
  files === undefined || matcher(files, cwd)(file);

function settingRows(layers: ConfigLayer[]): Row[] {
  const rows = new Map<string, Row>();
  for (const layer of layers)
    for (const [subject, values] of Object.entries(layer.values.settings ?? {}))
      for (const [setting, value] of Object.entries(values)) {
        const name = `${subject}.${setting}`;
        const origin = originOf(layer, ["settings", subject, setting]);
        rows.set(name, { name, value: JSON.stringify(value), origin });
      }
  return sorted(rows);
}

function flagRows(layers: ConfigLayer[]): Row[] {
  const rows = new Map<string, Row>();
  for (const layer of layers)
    for (const [name, value] of Object.entries(layer.values.flags ?? {}))
      rows.set(name, { name, value: printable(name, value), origin: originOf(layer, [name]) });
  return sorted(rows);
}

/** Headers may have credentials as values. */
const printable = (name: string, value: FlagValue): string =>
  configFlags[name]?.kind === "headers" && Array.isArray(value)
    ? value.map((header) => `${header.split(":")[0]}: …`).join(",")
    : String(value);

const sorted = (rows: Map<string, Row>): Row[] =>
  [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

function ignoreOrigin(config: Config, layers: ConfigLayer[], file: string): string | undefined {
  for (const layer of layers)
    for (const [i, glob] of (layer.values.ignore ?? []).entries())
      if (matcher([glob], config.cwd)(file)) return originOf(layer, ["ignore", String(i)]);
  return undefined;
}

function originOf(layer: ConfigLayer, key: string[]): string {
  const line = layer.line(key);
  return line === undefined ? layer.file : `${layer.file}:${line}`;
}
