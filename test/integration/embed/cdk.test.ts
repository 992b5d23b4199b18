import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Ended, root } from "../support.ts";
import { embedded, linesOf, node, type PluginReport, program, reportIn } from "./support.ts";

/** What every app here starts with. */
const head = `
const { App, NestedStack, Stack, Stage, Validations, aws_iam: iam, aws_kms: kms } = require("aws-cdk-lib");
const { KeywardenPlugin, KeywardenPluginBeta1 } = require("keywarden/cdk");
const env = { account: "111122223333", region: "eu-west-1" };
const good = { enableKeyRotation: true, alias: "alias/orders" };
const everyone = () => new iam.PolicyStatement({
  principals: [new iam.AnyPrincipal()], actions: ["kms:Decrypt"], resources: ["*"],
});
`;
const app = `const app = new App({ outdir: "cdk.out" });\n`;
const registered = `Validations.of(app).addPlugins(new KeywardenPlugin());\n`;

/** Synthesizes an app, as its author would start it. */
function synthesized(
  body: string,
  files: { [path: string]: string } = {},
  env = {},
): Ended & { report: PluginReport | undefined; folder: string } {
  const folder = program({ "app.cjs": `${head}${body}\napp.synth();\n`, ...files });
  const ended = node(folder, "app.cjs", env);
  return { ...ended, folder, report: reportIn(folder) };
}

interface Case {
  name: string;
  body: string;
  files?: { [path: string]: string };
  /** Whether the app synthesizes. */
  passes: boolean;
  /** Of the violations, as \`linesOf\` has them. */
  violations?: string[];
  suppressed?: string[];
  /** What is printed. */
  prints?: RegExp;
}

const cases: Case[] = [
  {
    name: "a key that is as it should be: the app synthesizes, and nothing is said",
    body: `${app}new kms.Key(new Stack(app, "Orders", { env }), "Key", good);${registered}`,
    passes: true,
  },
  {
    name: "the CDK's default key has warnings and notes, and the app synthesizes",
    body: `${app}new kms.Key(new Stack(app, "Orders", { env }), "Key");${registered}`,
    passes: true,
    violations: ["info alias_missing Orders/Key/Resource", "warning rotation_disabled Orders/Key/Resource"],
    prints: /WARNING Automatic key rotation is disabled.*\(keywarden\)\n +Orders\/Key\/Resource/,
  },
  {
    name: "failOn: warning makes of the warning an error",
    body: `${app}new kms.Key(new Stack(app, "Orders", { env }), "Key");
      Validations.of(app).addPlugins(new KeywardenPlugin({ failOn: "warning" }));`,
    passes: false,
    violations: ["error rotation_disabled Orders/Key/Resource", "info alias_missing Orders/Key/Resource"],
  },
  {
    name: "a statement that lets everyone in fails, in a stack that says no account as well",
    body: `${app}const key = new kms.Key(new Stack(app, "Orders"), "Key", good);
      key.addToResourcePolicy(everyone());${registered}`,
    passes: false,
    violations: ["error public_access Orders/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS"],
    prints:
      /ERROR Statement 2 allows everyone .*\n +Orders\/Key\/Resource .*\n +Suggested fix: Name the principals/,
  },
  {
    name: "a policy of its own without the account's root leaves the key to nobody",
    body: `${app}const stack = new Stack(app, "Orders", { env });
      const policy = new iam.PolicyDocument({ statements: [new iam.PolicyStatement({
        principals: [new iam.ArnPrincipal("arn:aws:iam::444455556666:role/app")], actions: ["kms:Decrypt"], resources: ["*"],
      })] });
      new kms.Key(stack, "Key", { ...good, policy });${registered}`,
    passes: false,
    violations: [
      "error key_unmanageable Orders/Key/Resource Properties.KeyPolicy",
      "error root_access_missing Orders/Key/Resource Properties.KeyPolicy",
    ],
  },
  {
    name: "each stack is in its own account: the same role is foreign in one of them alone",
    body: `${app}for (const [id, account] of [["One", "111122223333"], ["Two", "444455556666"]]) {
        const key = new kms.Key(new Stack(app, id, { env: { account, region: "eu-west-1" } }), "Key", { ...good, trustAccountIdentities: true });
        key.addToResourcePolicy(new iam.PolicyStatement({
          principals: [new iam.ArnPrincipal("arn:aws:iam::444455556666:role/app")], actions: ["kms:ScheduleKeyDeletion"], resources: ["*"],
        }));
      }${registered}`,
    passes: true,
    violations: ["info cross_account_no_effect One/Key/Resource Properties.KeyPolicy.Statement.1.Action"],
  },
  {
    name: "an alias in another stack is the key's, and a replica's primary is its key",
    body: `${app}const key = new kms.Key(new Stack(app, "Keys", { env }), "Key", { enableKeyRotation: true });
      new kms.Alias(new Stack(app, "Names", { env }), "Alias", { aliasName: "alias/orders", targetKey: key });
      new kms.CfnReplicaKey(new Stack(app, "Copy", { env: { ...env, region: "us-east-1" } }), "Replica", {
        primaryKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        keyPolicy: { Version: "2012-10-17", Statement: [] },
      });${registered}`,
    passes: false,
    violations: [
      "error malformed_policy Copy/Replica Properties.KeyPolicy.Statement",
      "info key_not_retained Copy/Replica",
      "info replica_primary Copy/Replica Properties.PrimaryKeyArn",
    ],
  },
  {
    name: "keys in nested stacks and in stages are found, with their constructs",
    body: `${app}const nested = new NestedStack(new Stack(app, "Orders", { env }), "Nested");
      new kms.Key(new NestedStack(nested, "Deeper"), "Key", good).addToResourcePolicy(everyone());
      const staged = new Stack(new Stage(app, "Prod", { env }), "Orders");
      new kms.Key(staged, "Key", good).addToResourcePolicy(everyone());
      new kms.Key(new NestedStack(staged, "Nested"), "Key", good).addToResourcePolicy(everyone());${registered}`,
    passes: false,
    violations: [
      "error public_access Orders/Nested/Deeper/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS",
      "error public_access Prod/Orders/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS",
      "error public_access Prod/Orders/Nested/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS",
    ],
  },
  {
    name: "a plugin of a stage looks at that stage alone",
    body: `${app}new kms.Key(new Stack(app, "Orders", { env }), "Key", good).addToResourcePolicy(everyone());
      const stage = new Stage(app, "Prod", { env });
      new kms.Key(new Stack(stage, "Orders"), "Key", good);
      Validations.of(stage).addPlugins(new KeywardenPlugin());`,
    passes: true,
  },
  {
    name: "what is acknowledged at a construct does not fail, there and below",
    body: `${app}const stack = new Stack(app, "Orders", { env });
      new kms.Key(stack, "Key", good).addToResourcePolicy(everyone());
      Validations.of(stack).acknowledge({ id: "keywarden::public_access", reason: "A fixture of our tests" });${registered}`,
    passes: true,
    suppressed: ["error public_access Orders/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS"],
  },
  {
    name: "an acknowledgement counts at the app too, and for no other construct where it is at one",
    body: `${app}const stack = new Stack(app, "Orders", { env });
      const other = new kms.Key(stack, "Key2", { enableKeyRotation: true });
      other.addToResourcePolicy(everyone());
      const key = new kms.Key(stack, "Key", { enableKeyRotation: true });
      key.addToResourcePolicy(everyone());
      Validations.of(key).acknowledge({ id: "keywarden::public_access", reason: "A fixture of our tests" });
      Validations.of(app).acknowledge({ id: "keywarden::alias_missing", reason: "Named by its ARN" });${registered}`,
    passes: false,
    violations: ["error public_access Orders/Key2/Resource Properties.KeyPolicy.Statement.1.Principal.AWS"],
    suppressed: [
      "error public_access Orders/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS",
      "info alias_missing Orders/Key/Resource",
      "info alias_missing Orders/Key2/Resource",
    ],
  },
  {
    name: "an acknowledged rule may be spelled as in a URL",
    body: `${app}const key = new kms.Key(new Stack(app, "Orders", { env }), "Key", good);
      key.addToResourcePolicy(everyone());
      Validations.of(key).acknowledge({ id: "keywarden::public-access", reason: "A fixture of our tests" });${registered}`,
    passes: true,
  },
  {
    name: "an acknowledgement of an unknown rule has no effect, and is reported",
    body: `${app}const key = new kms.Key(new Stack(app, "Orders", { env }), "Key", good);
      key.addToResourcePolicy(everyone());
      Validations.of(key).acknowledge({ id: "keywarden::publik_access", reason: "A fixture of our tests" });${registered}`,
    passes: false,
    violations: ["error public_access Orders/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS"],
    prints:
      /keywarden: Orders\/Key acknowledges keywarden::publik_access, .*Did you mean keywarden::public_access\?/,
  },
  {
    name: "the Beta1 registration does the same",
    body: `const app = new App({ outdir: "cdk.out", policyValidationBeta1: [new KeywardenPluginBeta1()] });
      new kms.Key(new Stack(app, "Orders", { env }), "Key", good).addToResourcePolicy(everyone());`,
    passes: false,
    violations: ["error public_access Orders/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS"],
  },
  {
    name: "the configuration of the folder counts, and what the call says comes over it",
    body: `${app}new kms.Key(new Stack(app, "Orders", { env }), "Key");
      Validations.of(app).addPlugins(new KeywardenPlugin({ levels: { alias_missing: "error" } }));`,
    files: {
      "keywarden.config.yaml": "ignore: [cdk.out]\nlevels:\n  rotation_disabled: off\n  alias_missing: off\n",
    },
    passes: false,
    violations: ["error alias_missing Orders/Key/Resource"],
  },
  {
    name: "a suppression in a file counts, with the template's path as the working directory has it",
    body: `${app}new kms.Key(new Stack(app, "Orders", { env }), "Key", good).addToResourcePolicy(everyone());
      Validations.of(app).addPlugins(new KeywardenPlugin({ suppressions: ["accepted.yaml"] }));`,
    files: {
      "accepted.yaml":
        "- rule: public_access\n  files: cdk.out/Orders.template.json\n  reason: A fixture of our tests\n",
    },
    passes: true,
  },
];

for (const { name, body, files, passes, violations, suppressed, prints } of cases)
  test(name, embedded, () => {
    const { status, stderr, report } = synthesized(body, files);
    assert.deepEqual(linesOf(report?.violations), violations ?? [], stderr);
    assert.deepEqual(linesOf(report?.suppressedViolations), suppressed ?? []);
    assert.equal(status === 0, passes, stderr);
    assert.equal(report?.conclusion ?? "success", passes ? "success" : "failure");
    if (prints) assert.match(stderr, prints);
  });

test("an ES module app gets the same report", embedded, () => {
  const folder = program({
    "app.mjs": `
      import { App, Stack, Validations, aws_kms as kms } from "aws-cdk-lib";
      import { KeywardenPlugin } from "keywarden/cdk";
      const app = new App({ outdir: "cdk.out" });
      new kms.Key(new Stack(app, "Orders"), "Key", { removalPolicy: "destroy" });
      Validations.of(app).addPlugins(new KeywardenPlugin({ failOn: "warning" }));
      app.synth();
    `,
  });
  assert.equal(node(folder, "app.mjs").status, 1);
  assert.equal(reportIn(folder)?.conclusion, "failure");
});

test("the plugin runs next to the CDK's own validation", embedded, () => {
  const { status, folder } = synthesized(
    `${app}new kms.Key(new Stack(app, "Orders", { env }), "Key");${registered}`,
    {},
    { CDK_VALIDATION: "true" },
  );
  assert.equal(status, 0);
  assert.equal(reportIn(folder)?.conclusion, "success");
});

test(
  "what is said of a violation: a page, the verdict, the reason, and how to write it instead",
  embedded,
  () => {
    const { report } = synthesized(
      `${app}new kms.Key(new Stack(app, "Orders", { env }), "Key", good).addToResourcePolicy(everyone());${registered}`,
    );
    const [violation] = report?.violations ?? [];
    const { title, why, ...about } = violation?.ruleMetadata ?? {};
    assert.deepEqual(about, {
      verdict: "fail",
      level: "error",
      url: "https://github.com/keywarden/keywarden/blob/main/docs/rules/public_access.md",
    });
    assert.ok(title && why);
    assert.match(violation?.suggestedFix ?? "", /^Name the principals.*\n\n?- Sid: /);
    assert.deepEqual(violation?.violatingConstructs[0]?.cloudFormationResource, {
      templatePath: "Orders.template.json",
      logicalId: "Key961B73FD",
      propertyPaths: ["Properties.KeyPolicy.Statement.1.Principal.AWS"],
    });
  },
);

const readerParameter = `${app}const { CfnParameter } = require("aws-cdk-lib");
const stack = new Stack(app, "Orders", { env });
const parameter = new CfnParameter(stack, "Reader");
new kms.Key(stack, "Key", good).addToResourcePolicy(new iam.PolicyStatement({
  principals: [new iam.ArnPrincipal(parameter.valueAsString)], actions: ["kms:Decrypt"], resources: ["*"],
}));
`;

test("an unknown verdict is reported as unknown, and does not fail", embedded, () => {
  const { status, report } = synthesized(`${readerParameter}${registered}`);
  assert.equal(status, 0);
  const unknown = report?.violations.filter(({ ruleMetadata }) => ruleMetadata.verdict === "unknown") ?? [];
  assert.ok(unknown.length > 0);
  assert.equal(report?.metadata.unknown, String(unknown.length));
  for (const { severity, description } of unknown) {
    assert.equal(severity, "info");
    assert.match(description, /^Unknown: /);
  }
});

test("an unknown verdict that must be known fails", embedded, () => {
  const { status, report } = synthesized(
    `${readerParameter}${registered}`.replace(
      "KeywardenPlugin()",
      "KeywardenPlugin({ failOnUnknown: true })",
    ),
  );
  assert.notEqual(status, 0);
  const failing = report?.violations.filter(({ severity }) => severity === "error") ?? [];
  assert.ok(failing.some(({ ruleName }) => ruleName === "public_access"));
});

test("a template that cannot be read fails despite acknowledgments", embedded, () => {
  const spoiled = (text: string) =>
    synthesized(
      `${app}const stack = new Stack(app, "Orders", { env });
      new kms.Key(stack, "Key", good).addToResourcePolicy(everyone());
      Validations.of(stack).acknowledge({ id: "keywarden::public_access", reason: "A fixture of our tests" });
      Validations.of(stack).acknowledge({ id: "keywarden::unreadable", reason: "Nobody can" });
      const other = new Stack(app, "Other");
      class Spoiled extends KeywardenPlugin {
        validate(context) {
          require("node:fs").writeFileSync(context.stackTemplates[1].templatePath, ${JSON.stringify(text)});
          return super.validate(context);
        }
      }
      Validations.of(app).addPlugins(new Spoiled());`.replace(
        "const app = new App({",
        'const app = new App({ context: { "@aws-cdk/core:validationPluginsDoNotMutate": false },',
      ),
    );
  for (const text of ["", "[]", "{", "null"]) {
    const { status, stderr, report } = spoiled(text);
    assert.equal(status, 1, text);
    assert.equal(report?.conclusion, "failure", stderr);
    assert.deepEqual(linesOf(report?.violations), ["fatal unreadable Other"]);
    assert.match(report?.violations[0]?.description ?? "", /^cdk\.out\/Other\.template\.json/);
  }
});

test("invalid options are rejected by the constructor", embedded, () => {
  const wrong: [options: string, said: RegExp][] = [
    ["{ levels: { publik_access: 'error' } }", /public_access/],
    ["{ failOn: 'never' }", /failOn is \\"never\\"; it must be error, warning or note\./],
    ["{ config: 'none.yaml' }", /none\.yaml/],
    ["{ account: 111122223333 }", /account/],
    ["{ severity: 'error' }", /severity/],
  ];
  const attempts = wrong.map(
    ([options]) =>
      `try { new KeywardenPlugin(${options}); console.log("taken"); } catch (e) { console.log(JSON.stringify(e.message)); }`,
  );
  const { stdout } = node(program({ "app.cjs": `${head}${attempts.join("\n")}` }), "app.cjs");
  const said = stdout.trim().split("\n");
  assert.equal(said.length, wrong.length);
  for (const [i, [options, pattern]] of wrong.entries()) {
    assert.match(said[i] ?? "", /^"keywarden: /, options);
    assert.match(said[i] ?? "", pattern, options);
  }
});

test(
  "older versions of the CDK hand over paths alone: nested stacks are found among the assets",
  embedded,
  () => {
    const { status, report } = synthesized(
      `${app}const nested = new NestedStack(new Stack(app, "Orders", { env }), "Nested");
    new kms.Key(new NestedStack(nested, "Deeper"), "Key", good).addToResourcePolicy(everyone());
    class Old extends KeywardenPlugin {
      validate({ templatePaths }) { return super.validate({ templatePaths }); }
    }
    Validations.of(app).addPlugins(new Old());`,
    );
    assert.equal(status, 1);
    assert.deepEqual(linesOf(report?.violations), [
      "error public_access Orders/Nested/Deeper/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS",
    ]);
  },
);

test("the code on the page runs", embedded, () => {
  const page = readFileSync(join(root, "docs/integrations/cdk.md"), "utf8");
  const blocks = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  assert.equal(blocks.length, 3);
  for (const text of blocks) {
    const { status, stderr } = node(program({ "app.cjs": text }), "app.cjs");
    assert.equal(status, 0, `${text}\n${stderr}`);
  }
});
