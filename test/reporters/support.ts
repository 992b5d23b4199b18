import type { Finding, Report, RuleInfo } from "../../src/core/model/report.ts";
import type { ReportOptions } from "../../src/reporters/index.ts";

export const options: ReportOptions = { color: false, namespace: "main", version: "1.2.3" };

export const rule = (changes: Partial<RuleInfo> = {}): RuleInfo => ({
  id: "public_access",
  title: "The key is open to everyone",
  level: "error",
  category: "access",
  formats: ["policy", "cloudformation", "plan"],
  finds: "An Allow for `*` without a restricting condition.",
  why: "Any principal in any AWS account can use the key.",
  exceptions: ["A Deny."],
  remediation: "Name the principals.",
  snippets: {
    policy: '"Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}',
    terraform: 'Principal = { AWS = "arn:aws:iam::111122223333:role/app" }',
  },
  settings: {},
  controls: { "AWS Security Hub": ["KMS.5"] },
  references: ["https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"],
  ...changes,
});

export const finding = (changes: Partial<Finding> = {}): Finding => ({
  rule: "public_access",
  level: "error",
  verdict: "fail",
  resource: "<policy>",
  message: 'Statement "Open" allows everyone (*) kms:Decrypt, and no condition restricts access.',
  location: { file: "orders.json", line: 7, column: 20, endLine: 7, endColumn: 23, pointer: "/Statement/0" },
  statement: "Open",
  title: "The key is open to everyone",
  why: "Any principal in any AWS account can use the key.",
  remediation: 'Name the principals.\n"Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}\n',
  url: "https://github.com/keywarden/keywarden/blob/main/docs/rules/public_access.md",
  excerpt: { firstLine: 7, lines: ['      "Principal": "*",'] },
  ...changes,
});

export const empty: Report = {
  findings: [],
  exceptions: [],
  rules: [],
  problems: [],
  unseen: [],
  notices: [],
  files: [],
  dataVersion: "2026-01-01",
};

const at = (file: string, line: number, column: number, endLine = line, endColumn = column + 4) => ({
  location: { file, line, column, endLine, endColumn, pointer: "/Resources/OrdersKey" },
});
const template = "kms keys/schlüssel.yaml";
const rotation = {
  rule: "rotation_disabled",
  level: "warning",
  resource: "OrdersKey",
  message: "Automatic key rotation is disabled, although AWS KMS supports it for this key.",
  title: "Rotation is off on a key that can rotate",
  why: "A key without rotation protects all data with the same key material.",
  remediation: "Turn rotation on, with `EnableKeyRotation`.\nEnableKeyRotation: true",
  url: "https://github.com/keywarden/keywarden/blob/main/docs/rules/rotation_disabled.md",
} as const;
const { statement: _, excerpt: __, ...bare } = finding();

/** A report with every kind of result. */
export const sample: Report = {
  findings: [
    {
      ...bare,
      ...rotation,
      ...at(template, 12, 3, 19, 1),
      excerpt: { firstLine: 12, lines: ["  OrdersKey:", "    Type: AWS::KMS::Key"] },
    },
    {
      ...bare,
      ...rotation,
      ...at(template, 14, 5),
      rule: "short_deletion_window",
      level: "note",
      message: "The waiting period is 7 days.",
      title: "A short waiting period before deletion",
      why: "After the waiting period, the deletion cannot be canceled.",
      remediation: "Wait 30 days.",
    },
    {
      ...bare,
      ...at(template, 30, 9),
      verdict: "unknown",
      resource: "PartnerKey",
      statement: "#2",
      message: "Cannot tell whether statement #2 allows everyone: Partner has no default.",
    },
    finding(),
  ],
  exceptions: [
    {
      ...bare,
      ...rotation,
      ...at("orders.json", 2, 3),
      resource: "<policy>",
      suppressed: {
        reason: "Rotated by hand, ticket SEC-12",
        by: "comment",
        expires: "2027-01-31",
        location: { file: "orders.json", line: 1, column: 1, endLine: 1, endColumn: 40, pointer: "" },
      },
    },
    {
      ...bare,
      ...at("orders.json", 20, 5),
      message: 'Statement "Old" allows everyone (*) kms:Verify.',
      statement: "Old",
      suppressed: { reason: "Known when the baseline was written", by: "baseline" },
    },
  ],
  rules: [
    rule(),
    rule({
      id: "rotation_disabled",
      title: rotation.title,
      level: "warning",
      category: "settings",
      why: rotation.why,
      finds: "Rotation is off.",
      remediation: "Turn rotation on.",
      snippets: { cloudformation: "EnableKeyRotation: true" },
      controls: {},
    }),
    rule({
      id: "short_deletion_window",
      title: "A short waiting period before deletion",
      level: "note",
      category: "settings",
      snippets: {},
      controls: {},
      exceptions: [],
    }),
    rule({
      id: "replica_region",
      title: "Replica and primary in one Region",
      level: "off",
      category: "multi-region",
      snippets: {},
      controls: {},
    }),
  ],
  problems: [
    {
      file: "broken.json",
      line: 3,
      column: 5,
      message: "A comma is missing before this entry.",
      remedy: "Put a comma between.",
    },
  ],
  unseen: [
    {
      kind: "nested-stack",
      file: template,
      line: 40,
      column: 3,
      resource: "BillingKeys",
      subject: "https://templates.example/billing keys.yaml",
      message: "The template of BillingKeys is not in the input.",
      remedy: "Check the template too.",
    },
    {
      kind: "file",
      file: "plans/large.json",
      subject: "plans/large.json",
      message: "The file is larger than 100 MB.",
      remedy: "Name the file explicitly.",
    },
  ],
  notices: [{ file: "readme.json", message: "contains no KMS key: nothing checked" }],
  files: [
    { file: template, resources: 2, passed: 1 },
    { file: "orders.json", resources: 1, passed: 2 },
  ],
  dataVersion: "2026-01-01",
};
