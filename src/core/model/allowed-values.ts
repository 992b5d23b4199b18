import type { SettingSchema } from "./report.ts";

/** Describes the values that a JSON Schema allows: "an integer from 7 to 30", "decrypt or encrypt". */
export function describeAllowed(schema: SettingSchema): string {
  const { type, minimum, maximum, pattern, items } = schema;
  const choices = (schema["anyOf"] ?? schema["oneOf"]) as SettingSchema[] | undefined;
  if (choices !== undefined) return either(choices.map(describeAllowed));
  if (Array.isArray(schema["enum"])) return either(schema["enum"].map(String));
  if ("const" in schema) return String(schema["const"]);
  if (Array.isArray(type)) return either(type.map((single) => describeAllowed({ ...schema, type: single })));
  if (type === "array")
    return `a list${items === undefined ? "" : ` (each ${describeAllowed(items as SettingSchema)})`}`;
  if (type === "integer" || type === "number") {
    const kind = type === "integer" ? "an integer" : "a number";
    if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`;
    if (minimum !== undefined) return `${kind} of ${minimum} or more`;
    return maximum === undefined ? kind : `${kind} of at most ${maximum}`;
  }
  if (type === "string" && schema["format"] === "regex") return "a regular expression";
  if (type === "string" && typeof schema["title"] === "string") return schema["title"];
  if (type === "string") return pattern === undefined ? "a string" : `a string that matches ${pattern}`;
  if (type === "boolean") return "true or false";
  if (type === "null") return "null";
  return type === "object" ? "a mapping" : "any value";
}

const either = (choices: string[]): string =>
  choices.length < 2 ? choices.join() : `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
