import { isMap } from "../../../core/model/json.ts";
import type { Json, Parsed, Problem, Source } from "../../../core/model/source.ts";
import { defaultMaxDepth, parseJson } from "../../../core/parse/json.ts";
import { isProblem } from "../../../core/parse/problem.ts";
import { parseYaml } from "../../../core/parse/yaml.ts";
import { mediaType, utf8ToString } from "../../media.ts";
import type { ProtocolRequest } from "../../protocol.ts";

/** An input as a value and as JSON text, no input, or the reason why it cannot be parsed. */
export type OpaInput = { value: Json; text: string } | "missing" | { malformed: string };

/** Reads a body `{"input": …}`. As in OPA, null and an empty body are no input. */
export function inputFromEnvelope(request: ProtocolRequest): OpaInput {
  const body = parseBody(request);
  if (body === "missing" || "malformed" in body) return body;
  const { value, locate, source } = body;
  if (value === null) return "missing";
  if (!isMap(value)) return { malformed: "it is not an object with the key input" };
  if (!Object.hasOwn(value, "input") || value["input"] == null) return "missing";
  const { start, end } = locate("/input");
  return { value: value["input"], text: source.text.slice(start.offset, end.offset) };
}

/** Reads a body that is the input. */
export function inputFromBody(request: ProtocolRequest): OpaInput {
  const body = parseBody(request);
  if (body === "missing" || "malformed" in body) return body;
  return body.value === null ? "missing" : { value: body.value, text: body.source.text };
}

/** Reads the query parameter `input`. The last one takes precedence. */
export function inputFromQuery(query: URLSearchParams): OpaInput {
  const text = query.getAll("input").at(-1);
  if (text === undefined) return "missing";
  const parsed = parseStrictJson({ path: "input", text });
  if ("malformed" in parsed) return parsed;
  return parsed.value === null ? "missing" : { value: parsed.value, text };
}

function parseBody({ body, headers }: ProtocolRequest): Parsed | "missing" | { malformed: string } {
  const text = utf8ToString(body);
  if (text === undefined) return { malformed: "it is not UTF-8" };
  if (text.trim() === "") return "missing";
  const source = { path: "input", text };
  return mediaType(headers["content-type"]).includes("yaml")
    ? parseYamlBody(source)
    : parseStrictJson(source);
}

/** Rejects duplicate keys, because JSON parsers disagree on which one takes precedence. */
function parseStrictJson(source: Source): Parsed | { malformed: string } {
  // The envelope around the input adds to the depth.
  const parsed = parseJson(source, { maxDepth: defaultMaxDepth + 8 });
  return isProblem(parsed) ? { malformed: problemMessage(parsed) } : parsed;
}

/** Converts YAML to JSON, with the short tags of CloudFormation in their long form. */
function parseYamlBody(source: Source): Parsed | "missing" | { malformed: string } {
  const documents = parseYaml(source);
  if (isProblem(documents)) return { malformed: problemMessage(documents) };
  const [first, second] = documents;
  if (first === undefined) return "missing";
  if (second !== undefined) return { malformed: "it has more than one YAML document" };
  return parseStrictJson({ path: source.path, text: JSON.stringify(first.value, null, 2) });
}

const problemMessage = ({ line, column, message }: Problem): string =>
  line === undefined ? message : `line ${line}, column ${column}: ${message}`;
