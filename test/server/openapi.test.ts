import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import type { RequestFailure } from "../../src/gate/protocol.ts";
import { checkFormats } from "../../src/gate/protocols/check/formats.ts";
import { checkProtocol } from "../../src/gate/protocols/check/index.ts";
import { opaProtocol } from "../../src/gate/protocols/opa/index.ts";
import { type Ask, conforms, description, speaks } from "./openapi-support.ts";
import { decideBy, read, request } from "./support.ts";

const decide = decideBy();
const ask: Ask = (method, target, headers, body) => {
  const asked = request(method, target, body, headers);
  const protocol = [checkProtocol, opaProtocol].find((one) => one.matches(method, asked.path));
  assert.ok(protocol !== undefined, `nobody answers ${method} ${target}`);
  return protocol.handle(asked, decide);
};

it("the description is valid OpenAPI 3.1 and has the package version", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(description));
  assert.deepEqual({ valid, errors }, { valid: true, errors: undefined });
  assert.equal(description.info.version, JSON.parse(read("package.json")).version);
});

interface Parameter {
  name?: string;
  schema: { enum: string[] };
}

it("the description lists the formats of a report", () => {
  const operation = description.paths["/check"]?.["post"] as { parameters?: Parameter[] } | undefined;
  assert.deepEqual(operation?.parameters?.find(({ name }) => name === "format")?.schema.enum, [
    ...checkFormats.keys(),
  ]);
});

describe("responses match the description", () => {
  const ours = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== "parameters" && /^\/(check|v[01])/.test(path))
      .map((method) => [method.toUpperCase(), path] as const),
  );
  for (const [method, path] of ours)
    it(`${method} ${path}`, async () => assert.ok((await speaks(ask, method, path)) > 0));

  for (const format of checkFormats.keys())
    it(`POST /check?format=${format}`, async () => {
      const body = 'resource "aws_kms_key" "app" {}';
      const target = `/check?format=${format}`;
      conforms("POST", target, await ask("POST", target, {}, body));
    });

  const queries = ["pretty", "metrics", "instrument", "provenance", "explain=full", "strict-builtin-errors"];
  for (const query of queries)
    it(`POST /v1/data/keywarden/deny?${query}`, async () => {
      const target = `/v1/data/keywarden/deny?${query}`;
      conforms("POST", target, await ask("POST", target, {}, '{"input": {}}'));
    });

  const refused: [target: string, headers: { [name: string]: string }, body: string][] = [
    ["/check", {}, ""],
    ["/check?format=nonsense", {}, "{}"],
    ["/check", { "content-type": "image/png" }, "{}"],
    ["/v1/data/keywarden/allow", {}, "{"],
    ["/v0/data/keywarden/allow", {}, "{"],
  ];
  for (const [target, headers, body] of refused)
    it(`rejected request: POST ${target} ${JSON.stringify(headers)} ${body}`, async () => {
      const answer = await ask("POST", target, headers, body);
      assert.ok(answer.status >= 400, `${answer.status}`);
      conforms("POST", target, answer);
    });

  const kinds: RequestFailure["kind"][] = [
    "timeout",
    "crashed",
    "overloaded",
    "too-large",
    "unreadable",
    "stopping",
    "internal",
  ];
  for (const kind of kinds)
    it(`no decision: ${kind}`, () => {
      const failure = { kind, message: "It failed.", retryAfterSeconds: 1 };
      for (const [protocol, target] of [
        [checkProtocol, "/check"],
        [opaProtocol, "/v1/data/keywarden/allow"],
        [opaProtocol, "/v0/data"],
      ] as const)
        conforms("POST", target, protocol.handleFailure(request("POST", target), failure, "open"));
    });
});

it("a response that does not match the description is reported", () => {
  const headers = { "content-type": "application/json" };
  const body = '{"decision_id": "1", "result": {"allow": true}}';
  assert.throws(() => conforms("POST", "/v1/data/keywarden", { status: 200, headers, body }), /deny/);
  assert.throws(() => conforms("POST", "/check", { status: 418, headers, body }), /status is not described/);
});
