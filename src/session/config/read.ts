import { basename, extname } from "node:path";
import type { Json, Parsed, Problem, Source } from "../../core/model/source.ts";
import { parseJson } from "../../core/parse/json.ts";
import { isProblem, sourceProblem } from "../../core/parse/problem.ts";
import { parseYaml } from "../../core/parse/yaml.ts";
import { readConfig } from "../../node/config.ts";
import { readScript } from "./script.ts";

/** Returns whether a config file is a program, by its name. */
export const isScript = (path: string): boolean => /\.([mc]?js|ts)$/i.test(path);

/** Reads a config file. `displayPath`: its path in messages. */
export function readFile(path: string, displayPath: string): Parsed | Problem {
  const source = readConfig(path, displayPath);
  if (isProblem(source)) return source;
  if (basename(path) === "package.json") return packageConfig(source);
  if (isScript(path)) return readScript(path, source);
  if (["", ".yaml", ".yml", ".json"].includes(extname(path))) return parseConfig(source);
  return sourceProblem(
    source,
    null,
    `The config file format ${extname(path).slice(1)} is not supported.`,
    "Use YAML, JSON or JavaScript. The keys of a conftest.toml stay the same.",
  );
}

function parseConfig(source: Source): Parsed | Problem {
  if (/^\s*\{/.test(source.text) || extname(source.path) === ".json") return parseJson(source);
  const documents = parseYaml(source);
  if (isProblem(documents)) return documents;
  const [first, second] = documents;
  if (second !== undefined) {
    const { start } = second.locate("");
    return sourceProblem(source, start.offset, "A second YAML document starts here.", "Write one document.");
  }
  const start = { line: 1, column: 1, offset: 0 };
  return first ?? { source, value: {}, locate: () => ({ start, end: start }) };
}

function packageConfig(source: Source): Parsed | Problem {
  const packageFile = parseJson(source);
  if (isProblem(packageFile)) return packageFile;
  const value = (packageFile.value as { [key: string]: Json }).keywarden;
  if (value === undefined)
    return sourceProblem(
      source,
      null,
      'The key "keywarden" is missing.',
      'Write the config under the key "keywarden".',
    );
  return { source, value, locate: (pointer) => packageFile.locate(`/keywarden${pointer}`) };
}
