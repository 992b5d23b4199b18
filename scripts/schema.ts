/**
 * Writes policies/schemas/document.json, the JSON Schema of the document that rules evaluate, from src/core/model/document.ts.
 * `opa check --schema` uses it to find misspelled fields. Run by `make schema`.
 */
import { writeFileSync } from "node:fs";
import { createGenerator } from "ts-json-schema-generator";
import { validator } from "./settings-schema.ts";

const root = new URL("..", import.meta.url).pathname;

type Schema = { [key: string]: unknown };

export function schema(): string {
  const generated = createGenerator({
    path: `${root}src/core/model/document.ts`,
    tsconfig: `${root}tsconfig.json`,
    type: "Document",
    additionalProperties: false,
    skipTypeCheck: true,
    topRef: false,
    jsDoc: "extended",
  }).createSchema("Document");
  const { definitions = {}, ...document } = withoutGenericNames(generated as Schema) as {
    definitions?: Schema;
  };
  const named = Object.entries(definitions).filter(([name]) => isName(name));
  const sorted = Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
  const whole = {
    $schema: "",
    title: "The document that Keywarden's rules evaluate",
    ...document,
    definitions: sorted,
  };
  return `${JSON.stringify(whole, null, 2)}\n`;

  /** Inlines instances of generic types, which the generator names after source positions. */
  function withoutGenericNames(node: unknown): unknown {
    if (Array.isArray(node)) return node.map(withoutGenericNames);
    if (typeof node !== "object" || node === null) return node;
    const { $ref, ...rest } = node as Schema;
    const plain = Object.fromEntries(
      Object.entries(rest).map(([key, value]) => [key, withoutGenericNames(value)]),
    );
    if (typeof $ref !== "string") return plain;
    const name = decodeURIComponent($ref.slice("#/definitions/".length));
    if (isName(name)) return { $ref, ...plain };
    return { ...(withoutGenericNames(generated.definitions?.[name]) as Schema), ...plain };
  }
}

/** Returns the source of src/gate/generated/document.cjs, which validates documents. Written by scripts/bundle.ts. */
export const documentValidator = (): string =>
  validator(withoutDescriptions(JSON.parse(schema())) as Schema, "scripts/schema.ts", "cjs", { first: true });

/** Removes descriptions, which would only enlarge the module. A property named `description` is not a string, and stays. */
function withoutDescriptions(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutDescriptions);
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(
    ([key, value]) => key !== "description" || typeof value !== "string",
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutDescriptions(value)]));
}

const isName = (name: string): boolean => /^\w+$/.test(name);

if (process.argv[1] === import.meta.filename)
  writeFileSync(`${root}policies/schemas/document.json`, schema());
