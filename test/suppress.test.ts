import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadEngine } from "../src/core/engine/engine.ts";
import { loadTerraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { Report } from "../src/core/model/report.ts";
import type { Source } from "../src/core/model/source.ts";
import { checkInputs } from "../src/core/pipeline.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url));
const engine = loadEngine(read("bundles/policy.wasm"), JSON.parse(read("bundles/rules.json").toString()));
const terraform = loadTerraform(() => read("bundles/terraform.wasm"));

interface Case {
  /** Name of the test. */
  shows: string;
  files: { [path: string]: string };
  ignoreFile?: string;
  /** The rules that the test compares; findings of other rules are ignored. */
  rules?: string[];
  /** `rule resource` of findings and of suppressed findings. */
  found?: string[];
  suppressed?: string[];
  /** `line: start of the message`. */
  notices?: string[];
}

const reportOf = ({ files, ignoreFile }: Pick<Case, "files" | "ignoreFile">): Report => {
  const sources = Object.entries(files).map(([path, text]): Source => ({ path, text, named: true }));
  return checkInputs(sources, {
    engine,
    terraform,
    today: "2026-11-15",
    ...(ignoreFile === undefined
      ? {}
      : { suppressions: [{ path: ".keywardenignore.yaml", text: ignoreFile }] }),
  });
};

function verify(cases: Case[]): void {
  for (const { shows, rules = ["public_access", "rotation_disabled"], ...one } of cases)
    test(shows, () => {
      const { findings, exceptions, notices, problems } = reportOf(one);
      const names = (list: Report["findings"]) =>
        list.filter(({ rule }) => rules.includes(rule)).map(({ rule, resource }) => `${rule} ${resource}`);
      assert.deepEqual(problems, []);
      assert.deepEqual(names(findings), one.found ?? []);
      assert.deepEqual(names(exceptions), one.suppressed ?? []);
      const expected = one.notices ?? [];
      assert.equal(notices.length, expected.length, JSON.stringify(notices));
      for (const [i, { line, message }] of notices.entries())
        assert.ok(`${line}: ${message}`.includes(expected[i] as string), `${line}: ${message}`);
    });
}

const template = (lines: { [place: string]: string }) => `Resources:
${lines.aboveKey ?? "  # above"}
  Key:
    Type: AWS::KMS::Key ${lines.beside ?? ""}
    Properties:
      EnableKeyRotation: false
      KeyPolicy:
        Version: "2012-10-17"
        Statement:
${lines.aboveStatement ?? "          # above"}
          - Sid: Open
            Effect: Allow
            Principal: "*"
            Action: kms:Decrypt
            Resource: "*"
${lines.endOfStatement ?? "            # end"}
          - Effect: Allow
            Principal: "*"
            Action: kms:Encrypt
            Resource: "*"
${lines.endOfKey ?? "    # end"}
  Other:
    Type: AWS::KMS::Key
`;

const two = ["public_access Key", "public_access Key"];

verify([
  {
    shows: "YAML: a comment on the line above a resource applies to the resource",
    files: {
      "a.yaml": template({ aboveKey: "  # keywarden:ignore public_access, rotation-disabled -- why" }),
    },
    found: ["rotation_disabled Other"],
    suppressed: ["rotation_disabled Key", ...two],
  },
  {
    shows: "YAML: a comment next to a value of a resource applies to the resource",
    files: { "a.yaml": template({ beside: "# keywarden:ignore rotation_disabled -- why" }) },
    found: [...two, "rotation_disabled Other"],
    suppressed: ["rotation_disabled Key"],
  },
  {
    shows: "YAML: a comment on the line above a statement applies to that statement only",
    files: { "a.yaml": template({ aboveStatement: "          # keywarden:ignore public_access -- why" }) },
    found: ["rotation_disabled Key", "public_access Key", "rotation_disabled Other"],
    suppressed: ["public_access Key"],
  },
  {
    shows: "YAML: a comment at a statement does not apply to the key's properties",
    files: {
      "a.yaml": template({ aboveStatement: "          # keywarden:ignore rotation_disabled -- why" }),
    },
    found: ["rotation_disabled Key", ...two, "rotation_disabled Other"],
    notices: ["10: The suppression of rotation_disabled matches no finding"],
  },
  {
    shows: "YAML: after the last line of a statement, an indented comment applies to the statement",
    files: { "a.yaml": template({ endOfStatement: "            # keywarden:ignore public_access -- why" }) },
    found: ["rotation_disabled Key", "public_access Key", "rotation_disabled Other"],
    suppressed: ["public_access Key"],
  },
  {
    shows: "YAML: after the last line of a resource, an indented comment applies to the resource",
    files: { "a.yaml": template({ endOfKey: "    # keywarden:ignore rotation_disabled -- why" }) },
    found: [...two, "rotation_disabled Other"],
    suppressed: ["rotation_disabled Key"],
  },
  {
    shows: "a Sid restricts a suppression to one statement and may contain spaces",
    files: {
      "a.yaml": template({ aboveKey: "  # keywarden:ignore public_access sid Open the door -- why" }).replace(
        "Sid: Open",
        "Sid: Open the door",
      ),
    },
    found: ["rotation_disabled Key", "public_access Key", "rotation_disabled Other"],
    suppressed: ["public_access Key"],
  },
  {
    shows: "YAML: a # inside a string does not start a comment",
    files: {
      "a.yaml": `Resources:
  Key:
    Type: AWS::KMS::Key
    Properties:
      Description: "a # keywarden:ignore rotation_disabled -- why"
      KeyPolicy: |
        # keywarden:ignore malformed_policy -- why
`,
    },
    found: ["rotation_disabled Key"],
  },
  {
    shows: "a comment at the top of a standalone YAML policy applies to the policy",
    files: {
      "policy.yaml": `# keywarden:ignore public_access until 2026-11-15 -- the last day counts
Statement:
  Effect: Allow
  Principal: "*"
  Action: kms:Decrypt
  Resource: "*"
`,
    },
    suppressed: ["public_access <policy>"],
  },
  {
    shows:
      "a suppression without a reason, for an unknown rule, expired or without a target has no effect and is reported",
    files: {
      "a.yaml": `# keywarden:ignore rotation_disabled -- at the file's top

Resources:
  Key:
    # keywarden:ignore rotation_disabled
    # keywarden:ignore rotation_disabled because we want to
    # keywarden:ignore rotation_disbled -- why
    # keywarden:ignore rotation_disabled until 2026-11-14 -- why
    # keywarden:ignore rotation_disabled until 2027-02-30 -- why
    # keywarden:ignore rotation_disabled until next year -- why
    # keywarden:ignore -- why
    # keywarden:ignored is no suppression
    Type: AWS::KMS::Key
`,
    },
    found: ["rotation_disabled Key"],
    notices: [
      "1: The suppression has no effect: it is not in a resource or statement",
      "5: The suppression of rotation_disabled has no effect: add a reason after --",
      "6: The suppression of rotation_disabled has no effect: add a reason",
      "7: The suppression names an unknown rule, rotation_disbled. Did you mean rotation_disabled?",
      "8: The suppression of rotation_disabled expired on 2026-11-14",
      "9: The suppression of rotation_disabled has no effect: 2027-02-30 is not a date",
      "10: The suppression names an unknown rule, year",
      "10: The suppression of rotation_disabled, year has no effect: next is not a date",
      "11: The suppression has no effect: it names no rule",
    ],
  },
]);

const statement = (sid: string) => `  statement {
    sid       = "${sid}"
    actions   = ["kms:Decrypt"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
`;

verify([
  {
    shows: "HCL: a comment above or in a block applies to the block, in all three comment styles",
    files: {
      "main.tf": `# keywarden:ignore rotation_disabled -- why
resource "aws_kms_key" "a" {}

resource "aws_kms_key" "b" {
  // keywarden:ignore rotation_disabled -- why
}

resource "aws_kms_key" "c" { /* keywarden:ignore rotation_disabled -- why */ }

/*
 * Of two lines.
 * keywarden:ignore rotation_disabled -- why
 */
resource "aws_kms_key" "d" {}

resource "aws_kms_key" "e" {} # keywarden:ignore rotation_disabled -- why
`,
    },
    suppressed: ["a", "b", "c", "d", "e"].map((name) => `rotation_disabled aws_kms_key.${name}`),
  },
  {
    shows: "HCL: a comment applies to all instances of a block",
    files: {
      "main.tf": `# keywarden:ignore rotation_disabled -- why
resource "aws_kms_key" "a" {
  count = 2
}
`,
    },
    suppressed: ["rotation_disabled aws_kms_key.a[0]", "rotation_disabled aws_kms_key.a[1]"],
  },
  {
    shows: "HCL: a comment at a statement applies to the statement, even if the key is in another file",
    files: {
      "main.tf": `resource "aws_kms_key" "a" {
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.a.json
}
data "aws_iam_policy_document" "a" {
  # keywarden:ignore public_access -- why
${statement("One")}${statement("Two")}}
`,
    },
    found: ["public_access aws_kms_key.a"],
    suppressed: ["public_access aws_kms_key.a"],
  },
  {
    shows: "HCL: a comment at a policy document applies to all its statements",
    files: {
      "main.tf": `resource "aws_kms_key" "a" {
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.a.json
}
# keywarden:ignore public_access sid Two -- why
data "aws_iam_policy_document" "a" {
${statement("One")}${statement("Two")}}
`,
    },
    found: ["public_access aws_kms_key.a"],
    suppressed: ["public_access aws_kms_key.a"],
  },
  {
    shows: "HCL: a comment at a key also applies to its policy, even if the policy is elsewhere",
    files: {
      "main.tf": `# keywarden:ignore public_access -- why
resource "aws_kms_key" "a" {
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.a.json
}
data "aws_iam_policy_document" "a" {
${statement("One")}}
`,
    },
    suppressed: ["public_access aws_kms_key.a"],
  },
  {
    shows: "HCL: a comment at a module block applies to the resources of that module only",
    files: {
      "main.tf": `# keywarden:ignore rotation_disabled -- why
module "a" {
  source = "./key"
}
module "ab" {
  source = "./key"
}
`,
      "key/main.tf": 'resource "aws_kms_key" "k" {}\n',
    },
    found: ["rotation_disabled module.ab.aws_kms_key.k"],
    suppressed: ["rotation_disabled module.a.aws_kms_key.k"],
  },
  {
    shows: "HCL: a # inside a string, a template or a heredoc does not start a comment",
    files: {
      "main.tf": `resource "aws_kms_key" "a" {
  description = "\${"#"} # keywarden:ignore rotation_disabled -- why"
  tags = {
    note = <<-EOT
      # keywarden:ignore rotation_disabled -- why
      \${"}"}
    EOT
  }
}
`,
    },
    found: ["rotation_disabled aws_kms_key.a"],
  },
  {
    shows: "tags in Terraform source suppress findings for their resource",
    files: {
      "main.tf": `resource "aws_kms_key" "a" {
  tags = {
    "keywarden.dev/ignore"   = "rotation_disabled until 2027-01-31 -- why"
    "keywarden.dev/ignore-2" = "public_access -- why"
  }
}
resource "aws_kms_key" "b" {
  tags = { "keywarden.dev/ignored" = "rotation_disabled -- why" }
}
`,
    },
    found: ["rotation_disabled aws_kms_key.b"],
    suppressed: ["rotation_disabled aws_kms_key.a"],
    notices: ["4: The suppression of public_access matches no finding"],
  },
]);

const plan = (after: object, sensitive: object = {}) =>
  JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    resource_changes: [
      {
        address: "aws_kms_key.a",
        mode: "managed",
        type: "aws_kms_key",
        name: "a",
        change: { actions: ["create"], before: null, after, after_unknown: {}, after_sensitive: sensitive },
      },
    ],
  });
const tags = { "keywarden.dev/ignore": "rotation_disabled -- hush" };
const keyPolicy = {
  Statement: [{ Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" }],
};
const resources = (Metadata: object) =>
  JSON.stringify({
    Resources: { Key: { Type: "AWS::KMS::Key", Metadata, Properties: { KeyPolicy: keyPolicy } } },
  });

verify([
  {
    shows: "tags in a plan suppress findings",
    files: { "plan.json": plan({ tags, tags_all: tags, enable_key_rotation: false }) },
    suppressed: ["rotation_disabled aws_kms_key.a"],
  },
  {
    shows: "default tags of a provider do not suppress findings",
    files: { "plan.json": plan({ tags: {}, tags_all: tags, enable_key_rotation: false }) },
    found: ["rotation_disabled aws_kms_key.a"],
  },
  ...[{ tags: true }, { tags: { "keywarden.dev/ignore": true } }].map((sensitive) => ({
    shows: `sensitive tags do not suppress findings: ${JSON.stringify(sensitive)}`,
    files: { "plan.json": plan({ tags, enable_key_rotation: false }, sensitive) },
    found: ["rotation_disabled aws_kms_key.a"],
  })),
  {
    shows: "CloudFormation Metadata suppresses findings, as a list of mappings or strings",
    files: {
      "a.json": resources({
        keywarden: {
          ignore: [{ rule: "public_access", reason: "why", sid: "Open" }, "rotation_disabled -- why"],
        },
      }),
    },
    suppressed: ["rotation_disabled Key", "public_access Key"],
  },
  {
    shows: "CloudFormation Metadata suppresses findings, as one entry for several rules",
    files: {
      "a.json": resources({
        keywarden: { ignore: { rule: ["public_access", "rotation_disabled"], reason: "why" } },
      }),
    },
    suppressed: ["rotation_disabled Key", "public_access Key"],
  },
  {
    shows: "rules acknowledged with the CDK are suppressed; acknowledgments for other plugins are ignored",
    files: {
      "a.json": resources({
        "aws:cdk:acknowledged-rules": { "keywarden::public_access": "why", "AwsSolutions::KMS5": "why" },
      }),
    },
    found: ["rotation_disabled Key"],
    suppressed: ["public_access Key"],
  },
  {
    shows: "an entry with an unknown field has no effect, because the field may restrict it",
    files: {
      "a.json": resources({
        keywarden: { ignore: [{ rule: "public_access", reason: "why", sids: "Open" }, 7] },
      }),
    },
    found: ["rotation_disabled Key", "public_access Key"],
    notices: [
      '1: The suppression has no effect: unknown field "sids" (did you mean sid?)',
      "1: The suppression names an unknown rule, 7",
      "1: The suppression of 7 has no effect: add a reason",
    ],
  },
]);

const construct = (path: string) => ({ Type: "AWS::KMS::Key", Metadata: { "aws:cdk:path": path } });
const app = JSON.stringify({
  Resources: { A: construct("Stack/Keys/A/Resource"), B: construct("Stack/Keys2/B/Resource") },
});
const acknowledged = {
  "/Stack/Keys": [
    { type: "aws:cdk:creationStack", data: [] },
    {
      type: "aws:cdk:acknowledged-rules",
      data: { "keywarden::rotation_disabled": "why", "Other::Rule": "why" },
    },
  ],
};

verify(
  [
    { "cdk.out/manifest.json": JSON.stringify({ artifacts: { Stack: { metadata: acknowledged } } }) },
    { "cdk.out/Stack.metadata.json": JSON.stringify(acknowledged) },
  ].map((notes) => ({
    shows: `CDK acknowledgments in ${Object.keys(notes)} apply to the templates next to the file`,
    files: { "cdk.out/Stack.template.json": app, "old/Stack.template.json": app, ...notes },
    found: ["rotation_disabled B", "rotation_disabled A", "rotation_disabled B"],
    suppressed: ["rotation_disabled A"],
  })),
);

const keyIn = (path: string) => ({ [path]: "Resources:\n  Key:\n    Type: AWS::KMS::Key\n" });
const rotation = "rotation_disabled Key";

verify([
  {
    shows: "a suppression file matches path globs and resource patterns",
    files: { ...keyIn("a/one.yaml"), ...keyIn("b/two.yaml"), ...keyIn("c/d/three.yaml") },
    ignoreFile: `
- rule: rotation_disabled
  files: [a, "c/**/*.yaml"]
  resources: K?y
  reason: why
  until: 2027-01-31
`,
    found: [rotation],
    suppressed: [rotation, rotation],
  },
  {
    shows: "an unused entry of a suppression file is reported, unless its files were not checked",
    files: keyIn("a.yaml"),
    ignoreFile: `
ignore:
  - {rule: public_access, reason: why}
  - {rule: public_access, reason: why, files: a.yaml, resources: Gone}
  - {rule: public_access, reason: why, files: elsewhere.yaml}
  - {rule: rotation_disabled, reason: why, resource: Other}
  - {rule: rotation_disabled}
  - rotation_disabled
`,
    found: [rotation],
    notices: [
      '6: The suppression has no effect: unknown field "resource" (did you mean resources?)',
      "7: The suppression of rotation_disabled has no effect: add a reason",
      "8: The suppression has no effect: an entry must be a mapping with rule and reason",
      "3: The suppression of public_access matches no finding",
      "4: The suppression of public_access matches no finding",
    ],
  },
]);

test("a suppression file that is not a list is a problem", () => {
  const { problems } = reportOf({ files: keyIn("a.yaml"), ignoreFile: "rule: public_access\n" });
  assert.deepEqual(
    problems.map(({ file, message }) => [file, message]),
    [[".keywardenignore.yaml", "The suppression file is not a list."]],
  );
  assert.deepEqual(reportOf({ files: keyIn("a.yaml"), ignoreFile: "# nothing yet\n" }).problems, []);
});

test("an exception has reason, origin, expiry and location, and its rule is not counted as passed", () => {
  const text = template({ aboveKey: "  # keywarden:ignore rotation_disabled until 2027-01-31 -- why  not" });
  const { exceptions, files } = reportOf({ files: { "a.yaml": text } });
  assert.deepEqual(exceptions[0]?.suppressed, {
    reason: "why not",
    by: "comment",
    expires: "2027-01-31",
    location: { file: "a.yaml", line: 2, column: 3, endLine: 2, endColumn: 68, pointer: "" },
  });
  const without = reportOf({ files: { "a.yaml": template({}) } });
  assert.deepEqual(files, without.files);
});

test("if only suppression files are accepted, an inline suppression is reported and has no effect", () => {
  const text = template({ aboveKey: "  # keywarden:ignore public_access -- a test" });
  const judged = (inlineSuppressions: boolean) =>
    checkInputs([{ path: "t.yaml", text, named: true }], { engine, inlineSuppressions, today: "2026-11-15" });
  assert.deepEqual(judged(true).exceptions[0]?.rule, "public_access");
  const { findings, exceptions, notices } = judged(false);
  assert.deepEqual(exceptions, []);
  assert.ok(findings.some(({ rule }) => rule === "public_access"));
  assert.match(notices[0]?.message ?? "", /has no effect: this run accepts suppression files only/);
});

test("a file that was not requested has no notices", () => {
  const unused = '# keywarden:ignore public_access -- why\nresource "aws_kms_key" "a" {}\n';
  const files = {
    identity: (path: string) => path,
    list: () => [{ name: "a.tf" }, { name: "b.tf" }] as never,
    read: (path: string) =>
      new TextEncoder().encode(path.endsWith("a.tf") ? unused : unused.replace('a"', 'b"')),
  };
  const { notices } = checkInputs([{ directory: ".", files: files as never, only: ["b.tf"] }], {
    engine,
    terraform,
  });
  assert.deepEqual([...new Set(notices.map(({ file }) => file))], ["b.tf"]);
});

test("Terraform: an outline that fails loses no findings", () => {
  const text = '# keywarden:ignore rotation_disabled -- why\nresource "aws_kms_key" "a" {}\n';
  const problem = { file: "main.tf", message: "Keywarden failed.", remedy: "Report this as a bug." };
  const outline = () => ({ comments: [], blocks: [], problems: [problem] });
  const { findings, problems } = checkInputs([{ path: "main.tf", text }], {
    engine,
    terraform: { ...terraform, outline },
  });
  assert.ok(findings.some(({ rule }) => rule === "rotation_disabled"));
  assert.deepEqual(problems, [problem]);
});

test("Terraform: only files with suppressions are outlined", () => {
  const outlined: string[] = [];
  const outline: typeof terraform.outline = (path, text) => {
    outlined.push(path);
    return terraform.outline(path, text);
  };
  const key = 'resource "aws_kms_key" "a" {}\n';
  const files = { "a/main.tf": key, "b/main.tf": `# keywarden:ignore rotation_disabled -- why\n${key}` };
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  checkInputs(sources, { engine, terraform: { ...terraform, outline } });
  assert.deepEqual(outlined, ["b/main.tf"]);
});
