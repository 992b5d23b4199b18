import assert from "node:assert/strict";
import { test } from "node:test";
import { check, passed, type ReportFormat, render } from "../../src/hosts/library/index.ts";
import { reporters } from "../../src/reporters/index.ts";
import { isCode, source } from "./support.ts";

const forms = {
  text: /short_deletion_window/,
  stdout: /^WARN - template\.json/m,
  json: /^\[/,
  tap: /^1\.\.\d+$/m,
  table: /RESULT/,
  junit: /<testsuite /,
  github: /^::(warning|notice)/m,
  azuredevops: /##\[section\]/,
  sarif: /"\$schema"/,
  gitlab: /"fingerprint"/,
  markdown: /^### /m,
  html: /<html/,
  atlantis: /./,
} satisfies { [form in ReportFormat]: RegExp };

test("every form of the command line is one of the library", () => {
  assert.deepEqual(Object.keys(forms), [...reporters.keys()]);
});

const report = check([source()]);

for (const [form, looks] of Object.entries(forms))
  test(`${form}: of a report that is frozen`, () =>
    assert.match(render(report, form as ReportFormat), looks));

test("colors, width and namespace are options", () => {
  assert.ok(!render(report, "text").includes("\u001b["));
  assert.ok(render(report, "text", { color: true }).includes("\u001b["));
  assert.match(render(report, "json", { namespace: "kms" }), /"namespace": "kms"/);
});

test("the text has what could not be read", () => {
  const broken = check([{ path: "t.json", text: '{"Resources": {"A": {"Type": "AWS::KMS::Key"' }]);
  assert.match(render(broken, "text"), /^t\.json:1:\d+: cannot read: /);
  assert.equal(passed(broken), false);
});

test("invalid-option: a form that there is not", () => {
  assert.throws(
    () => render(report, "sarf" as ReportFormat),
    isCode("invalid-option", /Did you mean sarif\?/),
  );
});
