import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import { load } from "js-yaml";
import { read } from "./support.ts";

/** What came back for a request. Names of headers in lower case. */
export interface Spoken {
  status: number;
  headers: { [name: string]: string | undefined };
  body: string;
}

/** A server, whatever it is made of. */
export type Ask = (
  method: string,
  target: string,
  headers: { [name: string]: string },
  body: string | undefined,
) => Spoken | Promise<Spoken>;

interface Content {
  [type: string]: { schema: object; examples?: { [name: string]: { value: unknown } } };
}

interface Operation {
  operationId: string;
  requestBody?: { content: Content };
  responses: { [status: string]: { $ref?: string; content?: Content } };
}

export const description = load(read("docs/openapi.yaml")) as {
  info: { version: string };
  paths: { [path: string]: { [method: string]: Operation } };
  components: { responses: { [name: string]: { content?: Content } }; schemas: { [name: string]: object } };
};

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ ...description, $id: "openapi" });

/** The path of the description that a path is one of. */
const templateOf = (path: string): string | undefined =>
  Object.keys(description.paths).find((template) => {
    const pattern = template.replace(/\{\w+\}/g, "\\w+");
    return new RegExp(`^${pattern}$`).test(path);
  });

/** Asserts that an answer is one that the description has for its request. */
export function conforms(method: string, target: string, { status, headers, body }: Spoken): void {
  const name = `${method} ${target}: ${status}`;
  const template = templateOf(target.replace(/\?.*$/s, ""));
  assert.ok(template !== undefined, `${name}: the path is not described`);
  const operation = description.paths[template]?.[method.toLowerCase()];
  assert.ok(operation !== undefined, `${name}: the method is not described`);
  const described = operation.responses[status];
  assert.ok(described !== undefined, `${name}: the status is not described`);
  const reference = described.$ref?.split("/").at(-1) ?? "";
  const { content } =
    described.$ref === undefined ? described : (description.components.responses[reference] ?? {});
  if (content === undefined) return;
  const type = (headers["content-type"] ?? "").replace(/;.*$/, "");
  const media = content[type];
  assert.ok(media !== undefined, `${name}: ${type || "no type"} is not described`);
  const value = /json$/.test(type) ? JSON.parse(body) : body;
  const validate = ajv.compile(absolute(media.schema) as object);
  assert.ok(validate(value), `${name}: ${ajv.errorsText(validate.errors)}\n${body.slice(0, 500)}`);
}

/** References of a schema that stands alone lead into the description. */
const absolute = (node: unknown): unknown =>
  JSON.parse(JSON.stringify(node), (key, value) =>
    key === "$ref" && typeof value === "string" ? `openapi${value}` : value,
  );

/** Sends every example of an operation and asserts that the answers conform. How many there were. */
export async function speaks(ask: Ask, method: string, template: string): Promise<number> {
  const names = /\{name\}/.test(template) ? ["allow", "deny", "document", "outcome", "nothing"] : [""];
  const content = description.paths[template]?.[method.toLowerCase()]?.requestBody?.content ?? {};
  const examples = Object.entries(content).flatMap(([type, { examples = {} }]) =>
    Object.values(examples).map(({ value }) => ({
      headers: { "content-type": type },
      body: typeof value === "string" ? value : JSON.stringify(value),
    })),
  );
  const all = examples.length === 0 ? [{ headers: {}, body: undefined }] : examples;
  for (const name of names)
    for (const { headers, body } of all) {
      const target = template.replace("{name}", name);
      conforms(method, target, await ask(method, target, headers, body));
    }
  return names.length * all.length;
}
