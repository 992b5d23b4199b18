import { isMap } from "../../../core/model/json.ts";
import type { Json, Parsed, Problem, Source } from "../../../core/model/source.ts";
import { defaultMaxDepth, parseJson } from "../../../core/parse/json.ts";
import { isProblem } from "../../../core/parse/problem.ts";
import { parseYaml } from "../../../core/parse/yaml.ts";
import { mediaType, utf8 } from "../../media.ts";
import type { Request } from "../../protocol.ts";

/** An input as a value and as it is written, none, or why there is none to be had. */
export type Input = { value: Json; text: string } | "missing" | { malformed: string };

/** Of `{"input": …}`. As in OPA, null and no body at all are no input. */
export function inputIn(request: Request): Input {
  const body = bodyOf(request);
  if (body === "missing" || "malformed" in body) return body;
  const { value, locate, source } = body;
  if (value === null) return "missing";
  if (!isMap(value)) return { malformed: "it is no object with the key input" };
  if (!Object.hasOwn(value, "input") || value["input"] == null) return "missing";
  const { start, end } = locate("/input");
  return { value: value["input"], text: source.text.slice(start.offset, end.offset) };
}

/** Of a body that is the input. */
export function inputOf(request: Request): Input {
  const body = bodyOf(request);
  if (body === "missing" || "malformed" in body) return body;
  return body.value === null ? "missing" : { value: body.value, text: body.source.text };
}

/** Of `?input=`. The last one counts. */
export function inputAsked(query: URLSearchParams): Input {
  const text = query.getAll("input").at(-1);
  if (text === undefined) return "missing";
  const parsed = read({ path: "input", text });
  if ("malformed" in parsed) return parsed;
  return parsed.value === null ? "missing" : { value: parsed.value, text };
}

function bodyOf({ body, headers }: Request): Parsed | "missing" | { malformed: string } {
  const text = utf8(body);
  if (text === undefined) return { malformed: "it is no UTF-8" };
  if (text.trim() === "") return "missing";
  const source = { path: "input", text };
  return mediaType(headers["content-type"]).includes("yaml") ? yaml(source) : read(source);
}

/** Strictly: of a key that stands twice, readers take one or the other. */
function read(source: Source): Parsed | { malformed: string } {
  // What is around the input counts too.
  const parsed = parseJson(source, { maxDepth: defaultMaxDepth + 8 });
  return isProblem(parsed) ? { malformed: told(parsed) } : parsed;
}

/** As the JSON that it says the same as: CloudFormation's short tags in their long form. */
function yaml(source: Source): Parsed | "missing" | { malformed: string } {
  const documents = parseYaml(source);
  if (isProblem(documents)) return { malformed: told(documents) };
  const [first, second] = documents;
  if (first === undefined) return "missing";
  if (second !== undefined) return { malformed: "it holds several YAML documents" };
  return read({ path: source.path, text: JSON.stringify(first.value, null, 2) });
}

const told = ({ line, column, message }: Problem): string =>
  line === undefined ? message : `line ${line}, column ${column}: ${message}`;
