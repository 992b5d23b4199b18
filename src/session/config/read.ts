import { basename, extname } from "node:path";
import type { Json, Parsed, Problem, Source } from "../../core/model/source.ts";
import { parseJson } from "../../core/parse/json.ts";
import { isProblem, sourceProblem } from "../../core/parse/problem.ts";
import { parseYaml } from "../../core/parse/yaml.ts";
import { readConfig } from "../../node/config.ts";
import { readScript } from "./script.ts";

/** A configuration as it stands in its file. `shown`: the path as messages have it. */
export function readFile(path: string, shown: string): Parsed | Problem {
  const source = readConfig(path, shown);
  if (isProblem(source)) return source;
  if (basename(path) === "package.json") return ownPart(source);
  if (/\.([mc]?js|ts)$/.test(path)) return readScript(path, source);
  if (["", ".yaml", ".yml", ".json"].includes(extname(path))) return readData(source);
  return sourceProblem(
    source,
    null,
    `A configuration is not written in ${extname(path).slice(1)}.`,
    "Write it as YAML, JSON or JavaScript: the keys of a conftest.toml stay the same.",
  );
}

function readData(source: Source): Parsed | Problem {
  if (/^\s*\{/.test(source.text) || extname(source.path) === ".json") return parseJson(source);
  const documents = parseYaml(source);
  if (isProblem(documents)) return documents;
  const [first, second] = documents;
  if (second !== undefined) {
    const { start } = second.locate("");
    return sourceProblem(source, start.offset, "A second document begins.", "Write one document.");
  }
  const start = { line: 1, column: 1, offset: 0 };
  return first ?? { source, value: {}, locate: () => ({ start, end: start }) };
}

function ownPart(source: Source): Parsed | Problem {
  const whole = parseJson(source);
  if (isProblem(whole)) return whole;
  const own = (whole.value as { [key: string]: Json }).keywarden;
  if (own === undefined)
    return sourceProblem(
      source,
      null,
      "It has no keywarden.",
      "Write the configuration below the key keywarden.",
    );
  return { source, value: own, locate: (pointer) => whole.locate(`/keywarden${pointer}`) };
}
