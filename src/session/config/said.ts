import { relative, resolve } from "node:path";
import { isMap } from "../../core/model/json.ts";
import type { Json } from "../../core/model/source.ts";
import { absoluteGlob } from "./globs.ts";
import { type ConfigFile, flagsInFile, type Said } from "./types.ts";

/**
 * A configuration as the checks take it: keys without a value are left out, and YAML's `off` is not false. Nothing is
 * known of the value yet.
 */
export function written(value: Json): Json {
  if (!isMap(value)) return value;
  const given = Object.entries(value).filter(([, own]) => own !== null);
  return Object.fromEntries(
    given.map(([name, own]): [string, Json] => {
      if (name === "levels") return [name, levelsIn(own)];
      if (name === "settings" && isMap(own))
        return [name, Object.fromEntries(Object.entries(own).filter(([, settings]) => settings !== null))];
      if (name !== "overrides" || !Array.isArray(own)) return [name, own];
      return [name, own.map((one) => (isMap(one) ? { ...one, ...levelsOfOverride(one) } : one))];
    }),
  );
}

const levelsOfOverride = ({ levels }: { [key: string]: Json }) =>
  levels === undefined ? {} : { levels: levelsIn(levels) };

const levelsIn = (levels: Json): Json =>
  isMap(levels)
    ? Object.fromEntries(
        Object.entries(levels).map(([rule, level]) => [rule, level === false ? "off" : level]),
      )
    : levels;

/** The folders that what stands in a file is relative to. */
interface Folders {
  paths: string;
  globs: string;
  cwd: string;
}

/** What a file says. */
export function saidIn(file: ConfigFile, { paths, globs, cwd }: Folders): Said {
  const at = (path: string) => shown(cwd, resolve(paths, path));
  const glob = (given: string) => absoluteGlob(given, globs);
  const byPath = (values: { [glob: string]: string } = {}) =>
    Object.entries(values).map(([files, value]) => ({ files: glob(files), value }));
  const said: Said = {};
  if (file.preset !== undefined) said.preset = file.preset;
  if (file.levels !== undefined) said.levels = file.levels;
  if (file.settings !== undefined) said.settings = file.settings;
  if (file.account !== undefined) said.account = file.account;
  if (file.accounts !== undefined) said.accounts = byPath(file.accounts);
  if (file.region !== undefined) said.region = file.region;
  if (file.regions !== undefined) said.regions = byPath(file.regions);
  if (Array.isArray(file.ignore)) said.ignore = file.ignore.map(glob);
  if (file.overrides !== undefined)
    said.overrides = file.overrides.map(({ files, resources, levels }) => ({
      ...(files === undefined ? {} : { files: list(files).map(glob) }),
      ...(resources === undefined ? {} : { resources: list(resources) }),
      levels,
    }));
  if (file.suppressions !== undefined) said.suppressions = list(file.suppressions).map(at);
  if (file.baseline !== undefined) said.baseline = at(file.baseline);
  const set = Object.entries(file).filter(
    ([name, value]) => name in flagsInFile || (name === "ignore" && typeof value === "string"),
  );
  if (set.length > 0)
    said.flags = Object.fromEntries(
      set.map(([name, value]) => {
        const { kind, path } = flagsInFile[name] ?? {};
        const values = kind === "list" ? list(value as string | string[]) : (value as string | boolean);
        if (path === undefined) return [name, values];
        return [name, Array.isArray(values) ? values.map(at) : at(values as string)];
      }),
    );
  return said;
}

export const list = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

/** A path as people write it: relative to where they are, unless that leads far away. */
export function shown(cwd: string, path: string): string {
  const short = relative(cwd, path) || ".";
  return short.length < path.length ? short : path;
}
