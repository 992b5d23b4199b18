/** Suppression files, baselines, and suppressions in the input itself. */
import { readFileSync } from "node:fs";
import { packFiles, unpackFiles } from "../harness/archive.ts";
import { bytesOf, expect, type Target, textOf } from "../harness/target.ts";
import { checkReport } from "../oracles/report.ts";
import { root } from "../seeds.ts";
import { twisted } from "../twists.ts";

const template = readFileSync(`${root}examples/cross-account-without-root/template.yaml`, "utf8");

const dictionary = [
  ...[
    "rule",
    "rules",
    "reason",
    "until",
    "sid",
    "files",
    "resources",
    "ignore",
    "expires",
    "version",
    "findings",
  ],
  ...[
    "public_access",
    "root_access_missing",
    "alias_missing",
    "*",
    "**",
    "../**",
    "[a-z]",
    "{a,b}",
    "!a",
    "?(a)",
  ],
  ...["2026-01-01", "2026-02-30", "0000-00-00", "9999-12-31", "# keywarden:ignore ", "keywarden:ignore-file"],
  ...[
    " because ",
    " until ",
    "Metadata:\n  keywarden:\n    ignore:",
    "excerpts",
    "fingerprint",
    "resource",
    "file",
  ],
  ...["- rule: public_access\n  reason: x\n", "template.yaml", "OrdersKey", "#1", "Sid"],
];

const suppressions = `- rule: root_access_missing\n  reason: Tested elsewhere\n  files: ["*.yaml"]\n  resources: ["Orders*"]\n  until: 2027-01-31\n- rule: [alias_missing, rotation_disabled]\n  sid: "#1"\n  reason: Known\n`;
const baseline = JSON.stringify({
  version: 1,
  findings: [
    {
      rule: "root_access_missing",
      file: "template.yaml",
      resource: "OrdersKey",
      statement: "Partner",
      fingerprint: "0123456789abcdef",
      excerpts: ["0123456789abcdef"],
    },
  ],
});
const commented = template.replace(
  /^(\s+)(Type: AWS::KMS::Key)/m,
  "$1# keywarden:ignore alias_missing because x\n$1$2",
);

export const exceptionTarget: Target = {
  name: "exceptions",
  dictionary,
  seeds: () =>
    [
      { "suppressions.yaml": suppressions },
      { "baseline.json": baseline },
      { "template.yaml": commented },
      { "suppressions.yaml": suppressions, "baseline.json": baseline, "template.yaml": commented },
    ].map((files) => bytesOf(packFiles(files))),
  generate: (random) =>
    bytesOf(
      packFiles({
        "suppressions.yaml": twisted(
          JSON.stringify([{ rule: random.pick(dictionary), reason: random.pick(dictionary), files: ["**"] }]),
          random,
          dictionary,
        ),
        "baseline.json": twisted(baseline, random, dictionary),
        "template.yaml": `# keywarden:ignore ${random.pick(dictionary)} because ${random.pick(dictionary)}\n${commented}`,
      }),
    ),
  check(input, thorough) {
    const files = unpackFiles(textOf(input), "suppressions.yaml");
    const { "suppressions.yaml": list, "baseline.json": known, "template.yaml": text = template } = files;
    const elsewhere = /open-key|\*/.test(`${list}`) || (known ?? "").includes("open-key");
    const more = {
      ...(list === undefined || elsewhere
        ? {}
        : { suppressions: [{ path: "suppressions.yaml", text: list }] }),
      ...(known === undefined || elsewhere ? {} : { baseline: { path: "baseline.json", text: known } }),
    };
    const { findings, exceptions, problems } = checkReport(
      [{ path: "template.yaml", text, named: true }],
      thorough,
      more,
    );
    for (const { suppressed } of exceptions)
      expect((suppressed?.reason ?? "") !== "", "an exception has no reason");
    // Without exceptions, the findings and the exceptions are the same as the findings.
    if (problems.length > 0 || !thorough) return;
    const plain = checkReport([{ path: "template.yaml", text, named: true }], false, {
      inlineSuppressions: false,
    });
    expect(
      plain.findings.length <= findings.length + exceptions.length,
      "a suppression removes a finding that is not reported as an exception",
    );
  },
};
