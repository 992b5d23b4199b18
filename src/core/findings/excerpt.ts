import type { Document } from "../model/document.ts";
import type { JsonMap } from "../model/json.ts";
import type { Redactor } from "../model/redactor.ts";
import type { Excerpt } from "../model/report.ts";
import type { Json, Location, Parsed } from "../model/source.ts";
import { truncated } from "../model/truncated.ts";
import { childAt, pointerParts } from "../parse/pointer.ts";

const MAX_LINES = 8;
const LONG_LINE = 300;

/**
 * Returns the lines at a location. If the source is a plan or has very long lines (minified JSON), returns the policy
 * statement at the location as formatted JSON instead. Returns undefined if there is nothing to show or if the location
 * is sensitive.
 */
export function excerptOf(
  parsed: Parsed,
  location: Location,
  document: Document,
  redactor: Redactor,
): Excerpt | undefined {
  if (isSensitive(parsed, location, document)) return undefined;
  const all = linesAt(parsed, location);
  const inPlan = /^\/(resource_changes|planned_values)\//.test(location.pointer);
  if (!inPlan && all.every((line) => line.length <= LONG_LINE)) {
    const lines = all.length > MAX_LINES ? all.slice(0, 4) : all;
    const wholeFile = location.pointer === "" && all.length > MAX_LINES;
    if (wholeFile || lines.length === 0) return undefined;
    return { firstLine: location.line, lines: redactor.lines(parsed, location.line, lines) };
  }
  const statement = statementAt(parsed, location.pointer);
  return statement === undefined ? undefined : { lines: formattedLines(statement, redactor) };
}

/** Returns the lines of a location. Only splits the required part of the source, which may be large. */
function linesAt({ source: { text }, locate }: Parsed, { pointer, line, endLine }: Location): string[] {
  const { start } = locate(pointer);
  let at = lineStart(text, start.offset);
  // A location may start before its value, at the key of the value.
  for (let current = start.line; current > line && at > 0; current--) at = lineStart(text, at - 1);
  // Inside a string with references, the location is more precise than its pointer.
  for (let current = start.line; current < line; current++) at = text.indexOf("\n", at) + 1;
  const lines = text
    .slice(at, at + (MAX_LINES + 1) * (LONG_LINE + 1))
    .split(/\r\n|\n|\r/, MAX_LINES + 1)
    .slice(0, endLine - line + 1);
  while (lines.at(-1)?.trim() === "") lines.pop();
  return lines.map((l) => l.replace(/^\uFEFF/, ""));
}

/** Returns the start of the line at an offset. In a very long line, which is never shown, returns an offset in it. */
function lineStart(text: string, offset: number): number {
  let at = text[offset - 1] === "\r" && text[offset] === "\n" ? offset - 1 : offset;
  const minimum = Math.max(0, at - 2 * LONG_LINE);
  while (at > minimum && text[at - 1] !== "\n" && text[at - 1] !== "\r") at--;
  return at;
}

function isSensitive({ value }: Parsed, location: Location, { keys, secrets }: Document): boolean {
  const { file, pointer, address } = location;
  // In Terraform source, a pointer starts at the resource with this address.
  const within = (outer: Location) =>
    outer.file === file && outer.address === address && `${pointer}/`.startsWith(`${outer.pointer}/`);
  const inSensitivePolicy = keys.some(
    ({ policy }) => policy.sensitive === true && policy.location !== undefined && within(policy.location),
  );
  // The lines of a whole resource may contain its literal secret.
  const containsSecret = secrets.some(
    ({ location, literal }) => literal !== false && location.pointer === pointer && within(location),
  );
  if (inSensitivePolicy || containsSecret) return true;
  const [list = "", index = "", change = "", side = "", ...path] = pointerParts(pointer);
  if (list !== "resource_changes" || change !== "change") return false;
  // A plan marks sensitive values in a parallel tree: `true` marks a value with everything in it.
  let marks = childAt(childAt(childAt(childAt(value, list), index), change), `${side}_sensitive`);
  for (const part of path) marks = marks === true ? true : childAt(marks, part);
  return marks === true;
}

/** Returns the statement that contains the value at a pointer, or undefined. Pointers may lead into JSON in strings. */
function statementAt(parsed: Parsed, pointer: string): JsonMap | undefined {
  const parts = pointerParts(pointer);
  let current: Json | undefined = parsed.value;
  for (let i = 0; i <= parts.length; i++) {
    if (isStatement(current)) return current;
    if (typeof current === "string") current = decoded(parsed, current);
    if (isStatement(current)) return current;
    if (i < parts.length) current = childAt(current, parts[i] as string);
  }
  return undefined;
}

const isStatement = (value: Json | undefined): value is JsonMap =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "Effect" in value;

/** Values of the JSON strings of each source: many findings can be in one of them. */
const decodedStrings = new WeakMap<Parsed, Map<string, Json | undefined>>();

function decoded(parsed: Parsed, text: string): Json | undefined {
  const known = decodedStrings.get(parsed) ?? new Map<string, Json | undefined>();
  decodedStrings.set(parsed, known);
  if (!known.has(text)) known.set(text, parsedJson(text));
  return known.get(text);
}

function parsedJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines of the statements that have been formatted: many findings can be in one statement. */
const linesByStatement = new WeakMap<JsonMap, string[]>();

function formattedLines(statement: JsonMap, redactor: Redactor): string[] {
  const known = linesByStatement.get(statement);
  if (known !== undefined) return known;
  const all = compact(beginning(redactor.value(statement)), 88)
    .split("\n")
    .map((line) => truncated(line, LONG_LINE));
  const lines = all.length > 16 ? [...all.slice(0, 15), "…"] : all;
  linesByStatement.set(statement, lines);
  return lines;
}

/** The lines of an excerpt have fewer values than this. */
const MAX_VALUES = 500;

/** Returns the first values of a statement, which may be as large as the input. */
function beginning(statement: Json): Json {
  let left = MAX_VALUES;
  const copy = (value: Json): Json => {
    left--;
    if (typeof value === "string") return truncated(value, LONG_LINE);
    if (value === null || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.slice(0, Math.max(left, 1)).map(copy);
    const entries = Object.entries(value).slice(0, Math.max(left, 1));
    return Object.fromEntries(entries.map(([key, item]) => [truncated(key, LONG_LINE), copy(item)]));
  };
  return copy(statement);
}

/** Formats JSON so that values that fit on one line are on one line. */
function compact(value: Json, width: number, indent = ""): string {
  const flat = inline(value);
  if (indent.length + flat.length <= width || value === null || typeof value !== "object") return flat;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => inner + compact(item, width, inner))
    : Object.entries(value).map(([key, item]) => {
        const name = `${inner}${JSON.stringify(key)}: `;
        return (
          name + (name.length + inline(item).length <= width ? inline(item) : compact(item, width, inner))
        );
      });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${items.join(",\n")}\n${indent}${close}`;
}

function inline(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
