import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { reporters } from "../src/reporters/index.ts";
import { inFolder, keywarden, root } from "./cli/program.ts";

// Each directory of test/secrets is an input in one format. Every sensitive text in it contains `s3cr3t`, which therefore
// must not occur in any output, and neither may the texts below, which are derived from one.
const write = inFolder();
cpSync(join(root, "test/secrets"), ".", { recursive: true });

const given = "s3cr3t-givenone-splitpart";
const hash = (name: string, text: string) => createHash(name).update(text).digest("hex");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const derived = [
  "\\u0073\\u0033cr3t",
  "\\x733cr3t",
  "partoftheparts",
  base64("s3cr3t-password"),
  base64("s3cr3t-default"),
  base64("s3cr3t-k8s-data"),
  hash("sha256", "s3cr3t-default"),
  hash("md5", given),
  given.slice(7, 15),
  "splitpart",
];

const options = { env: { TF_VAR_environment: "s3cr3t-environment" } };
const commands = [
  ...[...reporters.keys()].map((format) => ["test", "--output", format]),
  ["normalize"],
  ["baseline"],
];

function assertNoSecret(text: string): void {
  for (const secret of ["s3cr3t", ...derived]) {
    const at = text.toLowerCase().indexOf(secret.toLowerCase());
    assert.equal(at, -1, `${secret} occurs in: ${text.slice(Math.max(0, at - 150), at + 80)}`);
  }
}

for (const directory of readdirSync(".")) {
  for (const command of commands)
    test(`${directory}: ${command.join(" ")} shows no secret`, () => {
      const { stdout, stderr } = keywarden([...command, directory], options);
      assert.ok(stdout + stderr !== "");
      assertNoSecret(`${stdout}\n${stderr}`);
      for (const path of readdirSync(".").filter((name) => name.endsWith(".json")))
        assertNoSecret(readFileSync(path, "utf8"));
    });
}

/** The marks of each format, and what they are without: an input with public values. */
const marks: [RegExp, string][] = [
  [/(NoEcho"?: )"?true"?/gi, "$1false"],
  [/(?:sensitive|ephemeral) += true/g, "sensitive = false"],
  [/("sensitive": )true/g, "$1false"],
  [/(?:non)?sensitive\(/g, "tostring("],
];

for (const directory of ["cloudformation", "terraform-json", "sam", "stack-set"])
  test(`${directory}: marks do not change verdicts`, () => {
    const verdicts = (path: string): string[] => {
      const { stdout } = keywarden(["test", "--output", "sarif", path], options);
      const { results } = JSON.parse(stdout).runs[0] as { results: SarifResult[] };
      return results.map(({ ruleId, kind, level, locations }) => {
        const { region } = locations[0]?.physicalLocation ?? {};
        return `${ruleId} ${kind} ${level} ${region?.startLine}`;
      });
    };
    const expected = verdicts(directory);
    for (const path of readdirSync(directory, { recursive: true, encoding: "utf8" })) {
      if (!/\.\w+$/.test(path)) continue;
      const text = readFileSync(join(directory, path), "utf8");
      const unmarked = marks.reduce((result, [mark, without]) => result.replace(mark, without), text);
      write(join("public", directory, path), unmarked);
    }
    assert.ok(expected.length > 0);
    assert.deepEqual(verdicts(join("public", directory)), expected);
  });

interface SarifResult {
  ruleId: string;
  kind?: string;
  level: string;
  locations: { physicalLocation: { region?: { startLine: number } } }[];
}

test("a short or common value is redacted where it is used, and nowhere else", () => {
  const statement = (principal: object | string) => ({
    Sid: JSON.stringify(principal).length > 20 ? "Ref" : "Literal",
    Effect: "Allow",
    Principal: { AWS: principal },
    Action: "kms:Decrypt",
    Resource: "*",
  });
  const template = {
    Parameters: { Stage: { Type: "String", NoEcho: true, Default: "prod" } },
    Resources: {
      Used: key({ Statement: [statement({ "Fn::Sub": "${Stage}" })] }),
      Other: key({ Statement: [statement("prod")] }),
    },
  };
  const { stdout } = keywarden(["normalize", write("short.json", JSON.stringify(template, null, 1))]);
  const { keys } = JSON.parse(stdout) as { keys: NormalizedKey[] };
  assert.deepEqual(
    keys.map(({ resource, policy }) => [resource, policy.statements[0]?.principals[0]?.text]),
    [
      ["Used", "(sensitive)"],
      ["Other", "prod"],
    ],
  );
  const report = keywarden(["test", "--output", "text", "short.json"]).stdout;
  assert.match(report, /Statement "Ref" names \(sensitive\), which is not a valid principal/);
  assert.match(report, /Statement "Literal" names prod, which is not a valid principal/);
});

test("an empty default and the vocabulary of AWS stay readable", () => {
  const root = { "Fn::Sub": "arn:aws:iam::111122223333:root${Suffix}" };
  const template = {
    Parameters: {
      Suffix: { Type: "String", NoEcho: true, Default: "" },
      Operation: { Type: "String", NoEcho: true, Default: "kms:Decrypt" },
    },
    Resources: {
      Key: key({
        Statement: [
          { Sid: "Root", Effect: "Allow", Principal: { AWS: root }, Action: "kms:*", Resource: "*" },
          { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" },
        ],
      }),
    },
  };
  const { stdout } = keywarden(["test", write("common.json", JSON.stringify(template, null, 1))]);
  assert.match(stdout, /Statement "Open" allows everyone \(\*\) kms:Decrypt/);
  assert.doesNotMatch(stdout, /sensitive/);
});

test("an account ID, which is in every ARN, stays readable", () => {
  const template = (NoEcho: boolean) => ({
    Parameters: { Account: { Type: "String", NoEcho, Default: "111122223333" } },
    Resources: {
      Used: { Type: "AWS::SNS::Topic", Properties: { DisplayName: { Ref: "Account" } } },
      Key: key({
        Statement: [
          {
            Sid: "Role",
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111122223333:role/app" },
            Action: "kms:*",
            Resource: "*",
          },
        ],
      }),
    },
  });
  const report = (noEcho: boolean) =>
    keywarden(["test", write("account.json", JSON.stringify(template(noEcho), null, 1))]).stdout;
  assert.match(report(false), /role\/app/);
  assert.equal(report(true), report(false));
});

test("a hundred thousand sensitive values are redacted", () => {
  const values = Array.from({ length: 150_000 }, (_, i) => `s3cr3t-${i}`);
  const template = {
    Parameters: { Password: { Type: "String", NoEcho: true, AllowedValues: values } },
    Resources: { Key: key({ Statement: [{ Sid: "s3cr3t-149999", Effect: "Allow", Principal: "*" }] }) },
  };
  const { code, stdout, stderr } = keywarden(["test", write("many.json", JSON.stringify(template))]);
  assert.equal(code, 1);
  assert.match(stdout, /many\.json:1:\d+: error \w+ Key/);
  assertNoSecret(stdout + stderr);
});

test("a sensitive text at the end of a truncated one is redacted", () => {
  const open = (Sid: string) => ({ Sid, Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" });
  const sids = Array.from({ length: 20 }, (_, i) => `${"a".repeat(480 + i)}s3cr3t-password`);
  const template = {
    Parameters: { Password: { Type: "String", NoEcho: true, Default: "s3cr3t-password" } },
    Resources: { Key: key({ Statement: sids.map(open) }) },
  };
  write("truncated.json", JSON.stringify(template, null, 1));
  const { code, stdout } = keywarden(["test", "--output", "json", "truncated.json"]);
  assert.equal(code, 1);
  assertNoSecret(stdout);
});

test("a long sensitive text that a message truncates is redacted", () => {
  const statement = (Sid: object, i: number) => ({
    Sid,
    Effect: "Allow",
    Principal: i,
    Action: 1,
    Resource: "*",
  });
  const names = Array.from({ length: 20 }, (_, i) => `P${i}`);
  const template = {
    Parameters: Object.fromEntries(
      names.map((name, i) => [
        name,
        { Type: "String", NoEcho: true, Default: `s3cr3t-${name.repeat(22 + i).slice(0, 45 + i)}` },
      ]),
    ),
    Resources: { Key: key({ Statement: names.map((Ref, i) => statement({ Ref }, i)) }) },
  };
  const { stdout, stderr } = keywarden(["test", write("long.json", JSON.stringify(template, null, 1))]);
  assert.match(stdout, /statement "\(sensitive\)/);
  assertNoSecret(stdout + stderr);
});

test("what the author publishes with nonsensitive stays readable", () => {
  const { stdout } = keywarden(["test", "terraform"], options);
  assert.match(stdout, /Statement "shown-by-the-author" allows everyone/);
});

test("a value of --var that is not a pair is not repeated", () => {
  const { code, stderr } = keywarden(["test", "terraform", "--var", "password s3cr3t"]);
  assert.equal(code, 3);
  assertNoSecret(stderr);
});

const key = (KeyPolicy: object) => ({ Type: "AWS::KMS::Key", Properties: { KeyPolicy } });

interface NormalizedKey {
  resource: string;
  policy: { statements: { principals: { text: string }[] }[] };
}
