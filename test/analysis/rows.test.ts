import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { check } from "../../src/hosts/library/index.ts";

interface Row {
  note: string;
  policy: object;
  owner?: string;
  settings?: { [rule: string]: { [name: string]: unknown } };
  /** The verdict of each rule. */
  want: { [rule: string]: "fail" | "unknown" | "pass" };
}

const rows = JSON.parse(readFileSync(new URL("rows.json", import.meta.url), "utf8")) as Row[];

test("what key policies mean for the rules about access", async () => {
  for (const { note, policy, owner = "111122223333", settings, want } of rows) {
    const report = await check([{ path: "policy.json", text: JSON.stringify(policy), named: true }], {
      account: owner,
      ...(settings === undefined ? {} : { settings }),
    });
    for (const [rule, verdict] of Object.entries(want)) {
      const found = report.findings.find((finding) => finding.rule === rule)?.verdict ?? "pass";
      assert.equal(found, verdict, `${note}: ${rule} of ${JSON.stringify(policy)}`);
    }
  }
});
