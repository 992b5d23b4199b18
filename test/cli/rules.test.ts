import assert from "node:assert/strict";
import { test } from "node:test";
import { inFolder, keywarden } from "./program.ts";

inFolder();

const idsOf = (...args: string[]): string[] => {
  const { code, stdout, stderr } = keywarden(args);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/[ :]/)[0] as string);
};

test("rules are filtered by ID, title, category and control", () => {
  assert.deepEqual(idsOf("rules", "rotation").sort(), [
    "rotation_disabled",
    "rotation_period",
    "rotation_unsupported",
  ]);
  assert.ok(idsOf("rules", "public access").includes("public_access"));
  assert.ok(idsOf("rules", "aliases").includes("alias_missing"));
  assert.deepEqual(idsOf("rules", "kms.4"), ["rotation_disabled"]);
  assert.deepEqual(idsOf("rules", "Rotation", "PERIOD"), ["rotation_period"]);
  assert.deepEqual(
    JSON.parse(keywarden(["rules", "kms.4", "-o", "json"]).stdout).map(({ id }: { id: string }) => id),
    ["rotation_disabled"],
  );
});

test("explain accepts the control of a framework, in any case", () => {
  assert.match(keywarden(["explain", "KMS.4"]).stdout, /^rotation_disabled: /);
  assert.match(keywarden(["explain", "ct.kms.pr.2"]).stdout, /^weak_key_spec: /);
  assert.match(keywarden(["explain", "Missing", "version"]).stdout, /^policy_version: /);
});

test("explain prints every rule of a control, as a table if there are many", () => {
  const { stdout } = keywarden(["explain", "KMS.3"]);
  assert.match(stdout, /^key_deletion: [\s\S]*\n\nkey_not_retained: /);
  const json = JSON.parse(keywarden(["explain", "KMS.3", "-o", "json"]).stdout);
  assert.deepEqual(
    json.map(({ id }: { id: string }) => id),
    ["key_deletion", "key_not_retained"],
  );
});

const unknown: [args: string[], says: RegExp][] = [
  [["rules", "rotaton"], /^keywarden: no rule matches "rotaton"\. Did you mean rotation\?/],
  [["rules", "public_acces_"], /^keywarden: no rule matches .* Did you mean public_access\?/],
  [["rules", "zzzzzzz"], /^keywarden: no rule matches "zzzzzzz"\. Run "keywarden rules"/],
  [["explain", "KMS.44"], /^keywarden: there is no rule or control "KMS\.44"\. Did you mean KMS\.4\?/],
];

for (const [args, says] of unknown)
  test(`${args.join(" ")} is an error with a suggestion`, () => {
    const { code, stdout, stderr } = keywarden(args);
    assert.deepEqual([code, stdout], [3, ""]);
    assert.match(stderr, says);
  });
