import type { Problem, Source } from "../core/model/source.ts";
import { readPaths } from "./read.ts";

/** Reads one file. */
export function readSource(path: string): Source | Problem {
  const [input] = readPaths([path]);
  if (input?.kind === "source") return input.source;
  if (input?.kind === "problem") return input.problem;
  return { file: path, message: "The path is not a file.", remedy: "Name a file." };
}
