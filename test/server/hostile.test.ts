import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import type { Protocol, ProtocolResponse } from "../../src/gate/protocol.ts";
import { checkProtocol } from "../../src/gate/protocols/check/index.ts";
import { opaProtocol } from "../../src/gate/protocols/opa/index.ts";
import { decideBy, request } from "./support.ts";

const decide = decideBy();
const protocols: Protocol[] = [checkProtocol, opaProtocol];

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
const names = ["input", "files", "text", "path", "Resources", "Statement", "keys", "dataVersion", "version"];
const key = fc.oneof(fc.constantFrom(...names, "__proto__", "constructor", "toString", "\0"), fc.string());
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 1e308, -0, "", "\ud800", "AWS::KMS::Key", "kms:*"),
    fc.double({ noNaN: true }),
    fc.string({ unit: "binary" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = fc.oneof(
  value.map((input) => JSON.stringify(input)),
  value.map((input) => JSON.stringify({ input })),
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    "\0",
    "\ufeff{}",
    nested("[", "]", 100_000),
    nested('{"input":', "}", 10_000),
    `{"input":${nested("[", "]", 201)}}`,
    '{"input": 1e400}',
    `{"input": ${"9".repeat(10_000)}}`,
    '{"input": {"__proto__": {"Resources": {}}}}',
    "input: &a [*a]",
    "&a [&b [*a, *b]]",
    'resource "aws_kms_key" "a" {\n  policy = "${',
    `${'module "a" {\n source = "./"\n}\n'.repeat(3)}`,
  ),
);
const body = fc.oneof(text.map(bytes), fc.uint8Array({ maxLength: 200 }));
const form = fc
  .array(fc.tuple(fc.string({ maxLength: 12 }), body), { maxLength: 4 })
  .map((parts) =>
    Buffer.concat(
      [
        ...parts.flatMap(([path, content]) => [
          `--X\r\nContent-Disposition: form-data; filename="${path}"\r\n\r\n`,
          content,
          "\r\n",
        ]),
        "--X--\r\n",
      ].map((part) => Buffer.from(part as string)),
    ),
  );
const type = fc.constantFrom(
  undefined,
  "application/json",
  "application/yaml",
  "multipart/form-data; boundary=X",
  'multipart/form-data; boundary="',
  ";charset=",
  "\u00ff",
);
const path = fc.oneof(
  fc.constantFrom("/", "/check", "/v1/data", "/v0/data", "/v1/data/keywarden", "/v1/data/keywarden/allow"),
  fc.constantFrom("/v0/data/keywarden/allow", "/v1/data/%", "/v1//data//", "/v1/data/keywarden/__proto__/x"),
  fc.webPath().map((part) => `/v1/data/keywarden${part}`),
);
const query = fc.oneof(
  fc.constant(""),
  fc.webQueryParameters(),
  text.map((input) => `input=${Buffer.from(input).toString("latin1")}`),
  fc.constantFrom(
    "pretty&metrics&provenance&explain=full",
    "path=a.tf",
    "format=sarif",
    "account=%ff",
    "%=%&==&",
  ),
);

const asked = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "HEAD", "\0"),
  path,
  query,
  type,
  accept: fc.option(fc.string(), { nil: undefined }),
  body: fc.oneof(body, form),
});

it("arbitrary requests get a response, and undecided ones are never allowed", () => {
  fc.assert(
    fc.property(asked, ({ method, path, query, type, accept, body }) => {
      const one = { ...request(method, `${path}?${query}`, body, { "content-type": type, accept }) };
      for (const protocol of protocols.filter((each) => each.matches(method, path)))
        sound(protocol.handle(one, decide));
    }),
    { numRuns: 1500 },
  );
});

it("the same holds for inputs that are nearly valid", () => {
  const input = fc.oneof(
    fc.record({ text, path: fc.option(fc.string(), { nil: undefined }) }),
    fc.record({ files: fc.array(fc.record({ text, path: fc.string() }), { maxLength: 3 }) }),
    fc.record({ version: fc.constantFrom(1, 2, "1"), dataVersion: fc.string(), keys: fc.array(value) }),
    value,
  );
  fc.assert(
    fc.property(input, (given) => {
      const one = request("POST", "/v1/data/keywarden", JSON.stringify({ input: given }));
      const answer = opaProtocol.handle(one, decide);
      sound(answer);
      if (answer.status === 200) assert.equal(typeof JSON.parse(answer.body).result.allow, "boolean");
    }),
    { numRuns: 500 },
  );
});

function sound({ status, headers, body, decision }: ProtocolResponse): void {
  assert.ok([200, 301, 307, 400, 404, 405, 415, 422].includes(status), `${status}`);
  for (const [name, header] of Object.entries(headers))
    assert.match(`${name}: ${header}`, /^[a-z-]+: [\t\x20-\x7e]*$/);
  if (/json$/.test(headers["content-type"] ?? "")) JSON.parse(body);
  if (decision !== undefined && decision.outcome !== "undecided") return;
  assert.doesNotMatch(body, /"allow(ed)?":\s*true/);
  assert.notEqual(decision?.result, true);
}
