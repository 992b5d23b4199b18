import { relative, resolve } from "node:path";
import { isMap } from "../../core/model/json.ts";
import type { Json } from "../../core/model/source.ts";
import { absoluteGlob } from "./globs.ts";
import { type ConfigFile, type ConfigValues, configFlags } from "./types.ts";

/**
 * Returns a config in the shape that its schema describes: without keys that have no value, and with the level `off`,
 * which YAML reads as false. The value is not validated yet.
 */
export function cleanConfig(value: Json): Json {
  if (!isMap(value)) return value;
  const present = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(
    present.map(([name, entry]): [string, Json] => {
      if (name === "levels") return [name, cleanLevels(entry)];
      if (name === "settings" && isMap(entry))
        return [name, Object.fromEntries(Object.entries(entry).filter(([, settings]) => settings !== null))];
      if (name !== "overrides" || !Array.isArray(entry)) return [name, entry];
      return [
        name,
        entry.map((override) => (isMap(override) ? { ...override, ...overrideLevels(override) } : override)),
      ];
    }),
  );
}

const overrideLevels = ({ levels }: { [key: string]: Json }) =>
  levels === undefined ? {} : { levels: cleanLevels(levels) };

const cleanLevels = (levels: Json): Json =>
  isMap(levels)
    ? Object.fromEntries(
        Object.entries(levels).map(([rule, level]) => [rule, level === false ? "off" : level]),
      )
    : levels;

/** Absolute directories to which the paths and globs of a file are relative. */
interface BaseDirectories {
  paths: string;
  globs: string;
  cwd: string;
}

/** Returns the values of a config file, with paths relative to `cwd` and absolute globs. */
export function configValues(file: ConfigFile, { paths, globs, cwd }: BaseDirectories): ConfigValues {
  const path = (written: string) => displayPath(cwd, resolve(paths, written));
  const glob = (written: string) => absoluteGlob(written, globs);
  const byPath = (entries: { [glob: string]: string } = {}) =>
    Object.entries(entries).map(([files, value]) => ({ files: glob(files), value }));
  const values: ConfigValues = {};
  if (file.preset !== undefined) values.preset = file.preset;
  if (file.levels !== undefined) values.levels = file.levels;
  if (file.settings !== undefined) values.settings = file.settings;
  if (file.account !== undefined) values.account = file.account;
  if (file.accounts !== undefined) values.accounts = byPath(file.accounts);
  if (file.region !== undefined) values.region = file.region;
  if (file.regions !== undefined) values.regions = byPath(file.regions);
  if (Array.isArray(file.ignore)) values.ignore = file.ignore.map(glob);
  if (file.overrides !== undefined)
    values.overrides = file.overrides.map(({ files, resources, levels }) => ({
      ...(files === undefined ? {} : { files: asList(files).map(glob) }),
      ...(resources === undefined ? {} : { resources: asList(resources) }),
      levels,
    }));
  if (file.suppressions !== undefined) values.suppressions = asList(file.suppressions).map(path);
  if (file.baseline !== undefined) values.baseline = path(file.baseline);
  const flags = Object.entries(file).filter(
    ([name, value]) => Object.hasOwn(configFlags, name) || (name === "ignore" && typeof value === "string"),
  );
  if (flags.length > 0)
    values.flags = Object.fromEntries(
      flags.map(([name, value]) => {
        const { kind, path: isPath } = configFlags[name] ?? {};
        if (kind === "headers") return [name, headerLines(value as Headers)];
        const isList = kind === "list" || (kind === "boolean-or-list" && typeof value !== "boolean");
        const written = isList ? asList(value as string | string[]) : (value as string | boolean);
        if (isPath === undefined) return [name, written];
        return [name, Array.isArray(written) ? written.map(path) : path(written as string)];
      }),
    );
  return values;
}

type Headers = string | string[] | { [name: string]: string };

/** Returns headers as `NAME: VALUE`. */
const headerLines = (headers: Headers): string[] =>
  typeof headers === "string" || Array.isArray(headers)
    ? asList(headers)
    : Object.entries(headers).map(([name, value]) => `${name}: ${value}`);

export const asList = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);

/** Returns a path for messages: relative to `cwd` if that is shorter. */
export function displayPath(cwd: string, path: string): string {
  const short = relative(cwd, path) || ".";
  return short.length < path.length ? short : path;
}
