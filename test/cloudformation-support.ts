import assert from "node:assert/strict";
import { cloudformation } from "../src/core/formats/cloudformation/index.ts";
import type { Key } from "../src/core/model/document.ts";
import type { Part, TargetOptions } from "../src/core/model/format.ts";
import type { Json, Parsed } from "../src/core/model/source.ts";
import { parseYaml } from "../src/core/parse/yaml.ts";

export function parseTemplate(text: string): Parsed {
  const parsed = parseYaml({ path: "template.yaml", text });
  if ("message" in parsed) assert.fail(parsed.message);
  return parsed[0] as Parsed;
}

export const readText = (text: string, options: TargetOptions = {}): Part =>
  cloudformation.normalize(parseTemplate(text), options);

/** Returns a template with one key, whose Description is an expression. */
export function describedBy(expression: Json, sections: { [name: string]: Json } = {}): string {
  const key = { Type: "AWS::KMS::Key", Properties: { Description: expression } };
  const { Resources = {}, ...rest } = sections;
  return JSON.stringify({ ...rest, Resources: { ...(Resources as object), Key: key } });
}

/** Returns the descriptions that an expression evaluates to, with unknown parts as `⟨expression⟩`. */
export function evaluated(
  expression: Json,
  sections: { [name: string]: Json } = {},
  options: TargetOptions = {},
): string[] {
  const part = readText(describedBy(expression, sections), options);
  assert.deepEqual(part.problems, []);
  return part.keys.map(descriptionOf);
}

export function descriptionOf(key: Key): string {
  const value = key.properties?.description ?? null;
  if (value === null) return "(none)";
  if (typeof value === "string") return value;
  return "unknown" in value ? `⟨${value.unknown.expression}⟩` : value.text;
}

/** Returns the variants as `assumptions: description`. */
export const variantsIn = (part: Part): string[] =>
  part.keys.map((key) => `${key.variant?.assumptions.join(", ") ?? "always"}: ${descriptionOf(key)}`);
