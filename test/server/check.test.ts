import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ProtocolRequest, ProtocolResponse } from "../../src/gate/protocol.ts";
import { checkFormats } from "../../src/gate/protocols/check/formats.ts";
import { checkProtocol } from "../../src/gate/protocols/check/index.ts";
import { decideBy, request } from "./support.ts";

const decide = decideBy();
const post = (
  target: string,
  body: string | Uint8Array,
  headers: ProtocolRequest["headers"] = {},
  by = decide,
): ProtocolResponse => checkProtocol.handle(request("POST", target, body, headers), by);

interface Verdict {
  allowed: boolean;
  outcome: string;
  findings: { rule: string; resource: string; excerpt?: object; location: { file: string; line: number } }[];
  problems: { file: string; message: string }[];
  notices: { file: string; message: string }[];
  unseen: { kind: string; subject: string; message: string }[];
  files: { file: string }[];
}
const verdict = ({ body }: ProtocolResponse): Verdict => JSON.parse(body);

const everyone = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
});
const source = 'resource "aws_kms_key" "app" {\n  policy = file("${path.module}/policy.json")\n}\n';

/** As curl writes a form: `-F file=@path`. */
function form(files: {
  [path: string]: string | Uint8Array;
}): [body: Uint8Array, type: { [name: string]: string }] {
  const parts = Object.entries(files).map(([path, text]) =>
    Buffer.concat([
      Buffer.from(`--XX\r\nContent-Disposition: form-data; name="file"; filename="${path}"\r\n\r\n`),
      Buffer.from(text),
      Buffer.from("\r\n"),
    ]),
  );
  return [
    Buffer.concat([...parts, Buffer.from("--XX--\r\n")]),
    { "content-type": "multipart/form-data; boundary=XX" },
  ];
}

describe("one file", () => {
  const cases: [name: string, target: string, body: string, rule: string, file: string][] = [
    ["a key policy", "/check", everyone, "public_access", "input"],
    [
      "a template",
      "/check?path=kms.yaml",
      "Resources: {K: {Type: AWS::KMS::Key}}",
      "rotation_disabled",
      "kms.yaml",
    ],
    ["Terraform's source by its name", "/check?path=app/kms.tf", source, "rotation_disabled", "app/kms.tf"],
    ["Terraform's source by what it is", "/check", source, "rotation_disabled", "main.tf"],
  ];
  for (const [name, target, body, rule, file] of cases)
    it(name, () => {
      const answer = post(target, body, { "content-type": "application/x-www-form-urlencoded" });
      const found = verdict(answer).findings.find((finding) => finding.rule === rule);
      assert.equal(found?.location.file, file, answer.body.slice(0, 500));
    });

  it("denied requests have status 200, like allowed ones", () => {
    const denied = post("/check", everyone);
    assert.deepEqual(
      [denied.status, verdict(denied).allowed, verdict(denied).outcome],
      [200, false, "denied"],
    );
    const allowed = post("/check", "{}");
    assert.deepEqual([allowed.status, verdict(allowed).allowed], [200, true]);
    assert.match(verdict(allowed).notices[0]?.message ?? "", /nothing checked/);
  });

  it("undecided requests have status 422", () => {
    const answer = post("/check?path=kms.yaml", "Resources: [AWS::KMS::Key");
    assert.deepEqual(
      [answer.status, verdict(answer).allowed, verdict(answer).outcome],
      [422, false, "undecided"],
    );
    assert.equal(verdict(answer).problems[0]?.file, "kms.yaml");
    for (const form of checkFormats.keys())
      assert.match(
        post(`/check?path=kms.yaml&format=${form}`, "Resources: [AWS::KMS::Key").body,
        /bracket is not closed/,
        form,
      );
    const open = post("/check", "Resources: [AWS::KMS::Key", {}, decideBy({ failMode: "open" }));
    assert.deepEqual([open.status, verdict(open).allowed, verdict(open).outcome], [422, true, "undecided"]);
  });

  it("the account affects the decision", () => {
    const body = everyone.replace('"*"', '{"AWS": "arn:aws:iam::111122223333:root"}');
    const outcome = (account: string) => verdict(post(`/check?account=${account}`, body)).outcome;
    assert.deepEqual([outcome("111122223333"), outcome("444455556666")], ["allowed", "denied"]);
  });
});

describe("several files in a multipart form", () => {
  it("Terraform functions can read the other files of the form", () => {
    const answer = post("/check", ...form({ "app/main.tf": source, "app/policy.json": everyone }));
    const found = verdict(answer).findings.filter(({ rule }) => rule === "public_access");
    assert.deepEqual(
      found.map(({ resource }) => resource),
      ["aws_kms_key.app"],
      answer.body,
    );
  });
  it("a module is read, and a module that is missing is a part that was not checked", () => {
    const call = 'module "keys" {\n  source = "./modules/keys"\n}\n';
    const module = 'resource "aws_kms_key" "app" {}\n';
    const whole = post("/check", ...form({ "main.tf": call, "modules/keys/main.tf": module }));
    assert.equal(verdict(whole).findings[0]?.resource, "module.keys.aws_kms_key.app", whole.body);
    const part = post("/check", ...form({ "main.tf": `${call}resource "aws_kms_key" "own" {}\n` }));
    assert.match(verdict(part).unseen[0]?.message ?? "", /module\.keys/, part.body);
  });
  it("all files are checked", () => {
    const answer = post("/check", ...form({ "a.json": everyone, "b.json": everyone }));
    assert.deepEqual(
      verdict(answer).files.map(({ file }) => file),
      ["a.json", "b.json"],
    );
  });
});

describe("the format of the report", () => {
  const cases: [target: string, accept: string | undefined, type: string, body: RegExp][] = [
    ["/check", undefined, "application/json", /^\{"allowed":false/],
    ["/check", "*/*", "application/json", /^\{"allowed":false/],
    ["/check", "application/sarif+json", "application/sarif+json", /"version":\s*"2\.1\.0"/],
    ["/check", "text/plain", "text/plain; charset=utf-8", /public_access/],
    ["/check", "text/markdown, */*;q=0.1", "text/markdown; charset=utf-8", /public_access/],
    ["/check", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8", /<html/],
    ["/check", "application/json;q=0.5, text/plain;q=0.9", "text/plain; charset=utf-8", /public_access/],
    ["/check", "text/*", "text/markdown; charset=utf-8", /public_access/],
    ["/check", "image/png", "application/json", /^\{"allowed":false/],
    ["/check?format=junit", "text/plain", "application/xml", /<testsuite/],
    ["/check?format=json", undefined, "application/json", /^\[\n\t\{/],
  ];
  for (const [target, accept, type, body] of cases)
    it(`${target}, Accept: ${accept}`, () => {
      const answer = post(target, everyone, { accept });
      assert.equal(answer.headers["content-type"], type);
      assert.match(answer.body, body);
    });

  it("an HTML report cannot run scripts", () => {
    const { headers } = post("/check?format=html", everyone);
    assert.match(headers["content-security-policy"] ?? "", /default-src 'none'.*sandbox/);
  });
});

describe("an invalid request gets no report", () => {
  const multipart = { "content-type": "multipart/form-data; boundary=XX" };
  const cases: [name: string, answer: () => ProtocolResponse, status: number, detail: RegExp][] = [
    ["nothing", () => post("/check", ""), 400, /body is empty/],
    [
      "bytes that are no UTF-8",
      () => post("/check", Buffer.from([0x41, 0xff])),
      400,
      /line 1: .*not valid UTF-8/,
    ],
    ["UTF-16", () => post("/check", Buffer.from("\ufeff{}", "utf16le")), 400, /UTF-16/],
    ["an image", () => post("/check", "x", { "content-type": "image/png" }), 415, /image\/png/],
    ["an archive", () => post("/check", "x", { "content-type": "application/zip" }), 415, /application\/zip/],
    ["Latin-1", () => post("/check", "x", { "content-type": "text/plain; charset=latin1" }), 415, /latin1/],
    [
      "a format that is none",
      () => post("/check?format=pdf", "x"),
      400,
      /Unknown output format "pdf".*sarif/,
    ],
    ["a parameter that is none", () => post("/check?acount=1", "x"), 400, /Unknown query parameter "acount"/],
    ["an account that is none", () => post("/check?account=12", "x"), 400, /"12" is not an AWS account ID/],
    ["a Region that is none", () => post("/check?region=Paris", "x"), 400, /"Paris" is not an AWS Region/],
    ["a path that is none", () => post("/check?path=%00", "x"), 400, /is not a path/],
    [
      "a form without boundary",
      () => post("/check", "x", { "content-type": "multipart/form-data" }),
      400,
      /boundary/,
    ],
    ["a form that ends early", () => post("/check", "--XX\r\nContent-", multipart), 400, /form is not valid/],
    [
      "a form with a header that is not UTF-8",
      () => post("/check", Buffer.from("--XX\r\nA: \xff\r\n\r\n\r\n--XX--\r\n", "latin1"), multipart),
      400,
      /header of a part is not UTF-8/,
    ],
    ["a form without files", () => post("/check", "--XX--\r\n", multipart), 400, /has no files/],
    ["one path twice", () => post("/check", ...form({ "a.tf": "", "./a.tf": "" })), 400, /occurs twice/],
    [
      "a path beside a form",
      () => post("/check?path=a", ...form({ "a.tf": "" })),
      400,
      /Remove the query parameter path/,
    ],
    [
      "a file that is no text",
      () => post("/check", ...form({ "a.tf": Buffer.from([0xff]) })),
      400,
      /a\.tf, line 1/,
    ],
    ["another method", () => checkProtocol.handle(request("GET", "/check"), decide), 405, /POST/],
  ];
  for (const [name, answer, status, detail] of cases)
    it(name, () => {
      const { body, headers, ...rest } = answer();
      assert.equal(headers["content-type"], "application/problem+json");
      const problem = JSON.parse(body);
      assert.deepEqual([rest.status, problem.status], [status, status], body);
      assert.match(problem.detail, detail);
      assert.equal(rest.decision, undefined);
    });

  it("a failure of the server gets no report in either fail mode", () => {
    for (const mode of ["closed", "open"] as const) {
      const failure = { kind: "timeout", message: "It took longer than 5 s.", retryAfterSeconds: 1 } as const;
      const asked = request("POST", "/check");
      const { status, headers, body } = checkProtocol.handleFailure(asked, failure, mode);
      assert.deepEqual([status, headers["retry-after"]], [503, "1"]);
      assert.deepEqual(JSON.parse(body), {
        type: "about:blank",
        title: "Service Unavailable",
        status: 503,
        detail: "It took longer than 5 s.",
        instance: `urn:uuid:${asked.id}`,
      });
    }
  });
});

it("the decision log has no lines of the input", () => {
  const { decision } = post(
    "/check?path=a.tf",
    'resource "aws_kms_key" "app" {\n  enable_key_rotation = false # s3cret\n}',
  );
  assert.deepEqual([decision?.path, decision?.outcome], ["check", "allowed"]);
  assert.match(JSON.stringify(decision?.result), /"rule":"rotation_disabled"/);
  assert.doesNotMatch(JSON.stringify(decision), /s3cret/);
});
