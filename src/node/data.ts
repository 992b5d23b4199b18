import { readdirSync, statSync } from "node:fs";
import type { Problem, Source } from "../core/model/source.ts";
import { ioProblem } from "./problems.ts";
import { readPaths } from "./read.ts";

/** A data file for the rules. `below`: the names of its parent directories, which are the path of its value. */
export type DataFile = { below: string[]; source: Source } | Problem;

/**
 * Reads the argument of `--data` like conftest: a file, or the JSON and YAML files of a directory. A file in a
 * subdirectory `a` defines the value of `a`.
 */
export function readData(path: string, parentKeys: string[] = []): DataFile[] {
  try {
    if (!statSync(path).isDirectory())
      return [...readPaths([path])].flatMap((input): DataFile[] => {
        if (input.kind === "problem") return [input.problem];
        return input.kind === "source" ? [{ below: parentKeys, source: input.source }] : [];
      });
    return readdirSync(path, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const inside = `${path.replace(/\/$/, "")}/${entry.name}`;
        if (entry.name.startsWith(".")) return [];
        if (entry.isDirectory()) return readData(inside, [...parentKeys, entry.name]);
        return /\.(json|ya?ml)$/i.test(entry.name) ? readData(inside, parentKeys) : [];
      });
  } catch (error) {
    return [ioProblem(path, error)];
  }
}
