import type { RuleInfo } from "../../core/model/report.ts";
import type { Json, Problem } from "../../core/model/source.ts";
import type { ConfigFile, ConfigLayer, Preset } from "./types.ts";
import { validateConfig } from "./validate.ts";
import { cleanConfig, configValues } from "./values.ts";

/** Returns the problems of a config that a program passes as an object. They have no line. `name`: its name in messages. */
export function objectProblems(value: Json, rules: readonly RuleInfo[], name: string): Problem[] {
  const start = { line: 1, column: 1, offset: 0 };
  const parsed = {
    source: { path: name, text: "" },
    value: cleanConfig(value),
    locate: () => ({ start, end: start }),
  };
  return validateConfig(parsed, [...rules]).map(({ message, remedy }) => ({ file: name, message, remedy }));
}

/** Returns the layers of a valid config object. Its paths and globs are relative to `cwd`; it extends presets only. */
export function objectLayers(value: Json, cwd: string, name: string): ConfigLayer[] {
  const config = cleanConfig(value) as ConfigFile;
  const layer = (values: ConfigLayer["values"], kind: ConfigLayer["kind"]): ConfigLayer => ({
    file: name,
    kind,
    directory: cwd,
    values,
    line: () => undefined,
  });
  const presets = [config.extends ?? []].flat() as Preset[];
  return [
    ...presets.map((preset) => layer({ preset }, "preset")),
    layer(configValues(config, { paths: cwd, globs: cwd, cwd }), "file"),
  ];
}
