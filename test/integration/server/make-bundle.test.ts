import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { unpackBundle } from "../../../src/hosts/server/bundle/archive.ts";
import { parseRuleBundle } from "../../../src/hosts/server/bundle/rule-bundle.ts";
import { built, keys, makeBundle, scratch } from "../../server/bundle-support.ts";

test(
  "`make bundle` builds the same bytes for a sequence number, with and without an RSA signature",
  built,
  () => {
    const { path } = keys("rsa");
    for (const args of [[], ["--key", path]]) {
      const [first, second] = [1, 2].map(() => makeBundle("--sequence", "7", ...args));
      assert.deepEqual(first, second);
    }
  },
);

test("DATA adds rule settings to the bundle, and changes its revision", built, async () => {
  const file = join(scratch(), "settings.yaml");
  writeFileSync(file, "keywarden: {settings: {short_deletion_window: {minimum: 14}}}");
  const policy = parseRuleBundle(await unpackBundle(makeBundle("--data", file)));
  assert.deepEqual(policy.settings, { short_deletion_window: { minimum: 14 } });
  assert.notEqual(policy.revision, parseRuleBundle(await unpackBundle(makeBundle())).revision);
});
