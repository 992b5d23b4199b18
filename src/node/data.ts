import { readdirSync, statSync } from "node:fs";
import type { Problem, Source } from "../core/model/source.ts";
import { ioProblem } from "./problems.ts";
import { readPaths } from "./read.ts";

/** A file of data for the rules. `below`: the folders that lead to it, which name the place of what it holds. */
export type Data = { below: string[]; source: Source } | Problem;

/**
 * The data that `--data` names, as conftest reads it: a file, or the JSON and YAML files of a folder, where what lies in
 * a folder `a` of it is the value of `a`.
 */
export function readData(path: string, below: string[] = []): Data[] {
  try {
    if (!statSync(path).isDirectory())
      return [...readPaths([path])].flatMap((input): Data[] => {
        if (input.kind === "problem") return [input.problem];
        return input.kind === "source" ? [{ below, source: input.source }] : [];
      });
    return readdirSync(path, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const inside = `${path.replace(/\/$/, "")}/${entry.name}`;
        if (entry.name.startsWith(".")) return [];
        if (entry.isDirectory()) return readData(inside, [...below, entry.name]);
        return /\.(json|ya?ml)$/i.test(entry.name) ? readData(inside, below) : [];
      });
  } catch (error) {
    return [ioProblem(path, error)];
  }
}
