import type { ErrorObject } from "ajv";
import { describeAllowed } from "../core/model/allowed-values.ts";
import { pointerTo } from "../core/model/node.ts";
import type { SettingSchema } from "../core/model/report.ts";
import type { Parsed, Problem } from "../core/model/source.ts";
import { keyOffset } from "../core/parse/key-offset.ts";
import { pointerParts } from "../core/parse/pointer.ts";
import { sourceProblem } from "../core/parse/problem.ts";

/** A parsed file whose content is checked against a schema, perhaps as a part of a larger value. */
export interface CheckedFile extends Parsed {
  /** Path of the file's content within the checked value. */
  parent: string[];
  /** Number of leading path parts that the author does not write. */
  implied: number;
}

/** The messages for errors that depend on the meaning of a value. */
export interface SchemaMessages {
  /** Returns message and remedy for a key that the schema does not define. `known`: the keys that it defines. */
  unknownKey(path: string[], key: string, known: string[]): [message: string, remedy: string];
  /** Returns message and remedy for a key that matches no pattern or list of names. Absent if the schema has neither. */
  invalidKey?(path: string[], key: string): [message: string, remedy: string];
  /** Returns the remedy for a required key that is missing. Absent if the schema has none. */
  missingKey?(key: string): string;
  /** Returns the remedy for a value that is not allowed. */
  invalidValue(path: string[], value: unknown, schema: SettingSchema): string;
  /** Number of path parts that identify a value: errors below it are reported once. By default each path is one value. */
  depth?: number;
}

/** Translates the errors of a schema validator into problems, in the order of their lines. */
export function schemaProblems(
  errors: ErrorObject[],
  file: CheckedFile,
  messages: SchemaMessages,
): Problem[] {
  // Alternatives of a schema report several errors for one value. The innermost is the most specific.
  const byValue = new Map<string, ErrorObject>();
  for (const error of errors) {
    // A rejected key is reported for the key and for the mapping that contains it.
    if (error.propertyName !== undefined && error.keyword !== "propertyNames") continue;
    const path = pointerParts(error.instancePath).slice(0, messages.depth);
    const value = [...path, rejectedKey(error)].join("\n");
    const other = byValue.get(value);
    if (other === undefined || other.instancePath.length < error.instancePath.length)
      byValue.set(value, error);
  }
  return inLineOrder([...byValue.values()].map((error) => translated(error, file, messages)));
}

function translated(error: ErrorObject, file: CheckedFile, messages: SchemaMessages): Problem {
  const path = pointerParts(error.instancePath);
  const key = rejectedKey(error);
  const schema = (error.parentSchema ?? {}) as SettingSchema;
  if (key !== undefined && error.keyword === "additionalProperties") {
    const known = Object.keys((schema as { properties?: object }).properties ?? {});
    return keyProblem(file, [...path, key], ...messages.unknownKey(path, key, known));
  }
  if (key !== undefined && messages.invalidKey !== undefined)
    return keyProblem(file, [...path, key], ...messages.invalidKey(path, key));
  if (error.keyword === "required") {
    const { missingProperty } = error.params as { missingProperty: string };
    const message = `${displayName(path, file)}: the key "${missingProperty}" is missing.`;
    return valueProblem(file, path, message, messages.missingKey?.(missingProperty) ?? "Add it.");
  }
  const remedy = messages.invalidValue(path, error.data, schema);
  return valueProblem(
    file,
    path,
    notAllowed(displayName(path, file), error.data, describeAllowed(schema)),
    remedy,
  );
}

/** Returns the message for a value that is not allowed. `expected`: the allowed values, such as "an integer from 7 to 30". */
export const notAllowed = (name: string, value: unknown, expected: string): string =>
  `${name} is ${JSON.stringify(value)}; it must be ${expected}.`;

/** Returns the path in the notation of messages, such as `overrides[0].levels`. */
export function displayName(path: string[], { implied }: Pick<CheckedFile, "implied">): string {
  const [first = "The config", ...rest] = path.slice(implied);
  return rest.reduce((name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : `${name}.${part}`), first);
}

/** Returns a problem at a value. */
export const valueProblem = (file: CheckedFile, path: string[], message: string, remedy: string): Problem =>
  sourceProblem(file, pointerTo(path.slice(file.parent.length)), message, remedy);

/** Returns a problem at a key, whose value may begin on a later line. */
function keyProblem(file: CheckedFile, path: string[], message: string, remedy: string): Problem {
  const pathInFile = path.slice(file.parent.length);
  if (pathInFile.length === 0) return valueProblem(file, path, message, remedy);
  return sourceProblem(file.source, keyOffset(file, pointerTo(pathInFile)), message, remedy);
}

/** Sorts problems by line and column. */
export const inLineOrder = (problems: Problem[]): Problem[] =>
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));

/** Returns the key that is rejected, if an error is about a key. */
function rejectedKey({ keyword, params }: ErrorObject): string | undefined {
  if (keyword === "additionalProperties") return params["additionalProperty"] as string;
  return keyword === "propertyNames" ? (params["propertyName"] as string) : undefined;
}
