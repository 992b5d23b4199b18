import { messageOf } from "../model/message.ts";
import type { Parsed, Point, Problem, Source } from "../model/source.ts";
import { pointAt } from "./lines.ts";

/** Returns whether the result of a parser is a problem. */
export const isProblem = (x: unknown): x is Problem =>
  typeof x === "object" &&
  x !== null &&
  typeof (x as Problem).remedy === "string" &&
  typeof (x as Problem).message === "string";

/** Returns a problem at an offset of a source, at a pointer of a parsed source, or (null) for the whole file. */
export function sourceProblem(at: Parsed, pointer: string | null, message: string, remedy: string): Problem;
export function sourceProblem(at: Source, offset: number | null, message: string, remedy: string): Problem;
export function sourceProblem(
  at: Parsed | Source,
  position: number | string | null,
  message: string,
  remedy: string,
): Problem {
  const source = "source" in at ? at.source : at;
  const point = pointOf(at, position);
  return {
    file: source.path,
    ...(point === null ? {} : { line: point.line, column: point.column }),
    message,
    remedy,
  };
}

function pointOf(at: Parsed | Source, position: number | string | null): Point | null {
  if (typeof position === "string") return "locate" in at ? at.locate(position).start : null;
  if (typeof position === "number") return pointAt("source" in at ? at.source : at, position);
  return null;
}

/** Returns the problem that reports an internal error of Keywarden. */
export const internalError = (file: string, error: unknown): Problem => ({
  file,
  message: `Keywarden failed with an internal error: ${messageOf(error)}`,
  remedy: "Report this as a bug, with a minimal input that reproduces it.",
});
