import assert from "node:assert/strict";
import { test } from "node:test";
import type { Policy } from "../src/core/model/document.ts";
import {
  constant,
  keyOf,
  type PlanSpec,
  policyText,
  type ResourceSpec,
  refs,
  rootStatement,
  unknownOf,
} from "./terraform-plan-support.ts";

const doc = "data.aws_iam_policy_document.d";
const json = refs(`${doc}.json`, doc);
const reader = (policy: unknown = json): ResourceSpec => ({
  address: "aws_kms_key.k",
  unknown: ["policy"],
  config: { policy },
});

/** A planned statement block, with its configuration and its unknown values. */
interface Block {
  after: object;
  unknown?: object;
  config?: object;
}
const root: Block = {
  after: {
    sid: "Root",
    effect: "Allow",
    actions: ["kms:*"],
    resources: ["*"],
    principals: [{ type: "AWS", identifiers: ["arn:aws:iam::111122223333:root"] }],
  },
  config: { sid: constant("Root") },
};
const principal = (type: string, value: string | null, ...references: string[]): Block => ({
  after: {
    sid: "One",
    effect: null,
    actions: ["kms:Decrypt"],
    resources: ["*"],
    principals: [{ type, identifiers: [value] }],
  },
  unknown: { principals: [{ identifiers: [value === null] }] },
  config: {
    sid: constant("One"),
    principals: [
      { type: constant(type), identifiers: value === null ? refs(...references) : constant([value]) },
    ],
  },
});

function document(
  blocks: Block[],
  more: { after?: object; unknown?: object; config?: object; address?: string } = {},
): ResourceSpec {
  return {
    address: more.address ?? doc,
    after: {
      version: null,
      source_policy_documents: null,
      override_policy_documents: null,
      statement: blocks.map((b) => b.after),
      ...more.after,
    },
    unknown: {
      id: true,
      json: true,
      minified_json: true,
      statement: blocks.map((b) => b.unknown ?? {}),
      ...more.unknown,
    },
    config: { statement: blocks.map((b) => b.config ?? {}), ...more.config },
  };
}

const policyOfPlan = (...resources: ResourceSpec[]): Policy =>
  keyOf({ resources: [reader(), ...resources] }).policy;
const who = (policy: Policy) =>
  policy.statements.map((s) => s.principals.map((p) => [p.kind, p.account ?? null]));
const role = { address: "aws_iam_role.app", unknown: ["arn"] };

test("a policy document that is read during apply has the provider's defaults", () => {
  const policy = policyOfPlan(document([principal("Service", "sns.amazonaws.com")]));
  assert.equal(policy.state, "resolved");
  assert.equal(policy.version, "2012-10-17");
  assert.equal(policy.statements[0]?.effect, "Allow");
  assert.deepEqual(policy.statements[0]?.covers, ["Decrypt"]);
  assert.equal(policy.statements[0]?.location.address, doc);
});

const holes: {
  name: string;
  block: Block;
  others?: ResourceSpec[];
  state: Policy["state"];
  principals: unknown;
}[] = [
  {
    name: "a role of the plan",
    block: principal("AWS", null, "aws_iam_role.app.arn", "aws_iam_role.app"),
    others: [role],
    state: "resolved",
    principals: [[["role", "self"]]],
  },
  {
    name: "a user of the plan",
    block: principal("AWS", null, "aws_iam_user.joe.arn", "aws_iam_user.joe"),
    others: [{ address: "aws_iam_user.joe", unknown: ["arn"] }],
    state: "resolved",
    principals: [[["user", "self"]]],
  },
  {
    name: "a role of another account's provider",
    block: principal("AWS", null, "aws_iam_role.app.arn", "aws_iam_role.app"),
    others: [{ ...role, provider: "aws.partner" }],
    state: "resolved",
    principals: [[["role", unknownOf("aws_iam_role.app.arn")]]],
  },
  {
    name: "an unknown instance of a role",
    block: principal("AWS", null, "aws_iam_role.app"),
    others: [role],
    state: "resolved",
    principals: [[["role", "self"]]],
  },
  {
    name: "a string with the caller's account ID",
    block: principal("AWS", null, "data.aws_caller_identity.me.account_id", "data.aws_caller_identity.me"),
    others: [{ address: "data.aws_caller_identity.me", unknown: ["account_id"] }],
    state: "partial",
    principals: [[["iam", "self"]]],
  },
  {
    name: "a local",
    block: principal("AWS", null, "local.partner"),
    state: "partial",
    principals: [[["unknown", null]]],
  },
  {
    name: "a service with an unknown name",
    block: principal("Service", null, "local.service"),
    state: "resolved",
    principals: [[["service", null]]],
  },
];
for (const { name, block, others = [], state, principals } of holes)
  test(`unknown principals: ${name}`, () => {
    const plan: PlanSpec = {
      resources: [reader(), document([block]), ...others],
      providers: {
        aws: { name: "aws", expressions: { region: constant("eu-west-1") } },
        "aws.partner": {
          name: "aws",
          alias: "partner",
          expressions: { assume_role: [{ role_arn: constant("arn") }] },
        },
      },
    };
    const { policy } = keyOf(plan);
    assert.deepEqual(who(policy), principals);
    assert.equal(policy.state, state);
    if (state === "partial") assert.equal(policy.unknown?.expression, doc);
  });

test("unknown values in dynamic statements have no type", () => {
  const block = principal("AWS", null, "aws_iam_role.app.arn", "aws_iam_role.app");
  const dynamic = { after: { ...block.after, sid: "Two" }, unknown: block.unknown ?? {} };
  const source = document([block, dynamic]);
  (source.config as { statement: unknown[] }).statement.pop();
  const policy = keyOf({ resources: [reader(), source, role] }).policy;
  assert.deepEqual(who(policy), [[["role", "self"]], [["unknown", null]]]);
  assert.equal(policy.state, "partial");
});

test("conditions, not_actions and a wildcard", () => {
  const policy = policyOfPlan(
    document([
      {
        after: {
          effect: "Deny",
          not_actions: ["kms:Decrypt"],
          not_resources: ["arn:aws:kms:*:*:key/1"],
          principals: [{ type: "*", identifiers: ["*"] }],
          condition: [
            { test: "StringLike", variable: "kms:ViaService", values: ["sqs.*"] },
            { test: "StringLike", variable: "kms:ViaService", values: ["sns.*"] },
            { test: "StringEquals", variable: "aws:PrincipalTag/who", values: ["&{aws:username}"] },
          ],
        },
      },
    ]),
  );
  const [statement] = policy.statements;
  assert.deepEqual([statement?.effect, statement?.notAction, statement?.notResource], ["Deny", true, true]);
  assert.equal(statement?.principals[0]?.kind, "everyone");
  assert.deepEqual(
    statement?.conditions.map(({ operator, name, values }) => [
      operator,
      name,
      values.map((value) => value.text),
    ]),
    [
      ["StringLike", "kms:ViaService", ["sqs.*", "sns.*"]],
      ["StringEquals", "aws:PrincipalTag/who", ["${aws:username}"]],
    ],
  );
});

test("an account condition with the caller's account refers to the owner", () => {
  const condition = (values: unknown) => [{ test: "StringEquals", variable: "kms:CallerAccount", values }];
  const policy = policyOfPlan(
    document([
      {
        after: { ...root.after, condition: condition([null]) },
        unknown: { condition: [{ values: [true] }] },
        config: {
          condition: condition(refs("data.aws_caller_identity.me.account_id", "data.aws_caller_identity.me")),
        },
      },
    ]),
    { address: "data.aws_caller_identity.me", unknown: ["account_id"] },
  );
  assert.equal(policy.statements[0]?.conditions[0]?.values[0]?.account, "self");
});

const sids = (policy: Policy) =>
  policy.statements.map((statement) => `${statement.sid}:${statement.actions[0]?.text}`);
const statement = (sid: string, action: string) => ({ ...rootStatement(), Sid: sid, Action: action });

test("sources come first and overrides last, and a statement replaces one with the same Sid in place", () => {
  const policy = policyOfPlan(
    document([root], {
      after: {
        source_policy_documents: [
          policyText(statement("Base", "kms:Decrypt"), statement("Root", "kms:Get*")),
        ],
        override_policy_documents: [policyText(statement("Base", "kms:Sign"), statement("", "kms:Verify"))],
      },
    }),
  );
  assert.deepEqual(sids(policy), ["Base:kms:Sign", "Root:kms:*", ":kms:Verify"]);
  assert.equal(policy.state, "resolved");
});

test("a source that is also read during apply", () => {
  const base = "data.aws_iam_policy_document.base";
  const policy = policyOfPlan(
    document([root], {
      after: { source_policy_documents: [null] },
      unknown: { source_policy_documents: [true] },
      config: { source_policy_documents: refs(`${base}.json`, base) },
    }),
    document([principal("AWS", "111122223333")], { address: base }),
  );
  assert.deepEqual(sids(policy), ["One:kms:Decrypt", "Root:kms:*"]);
});

test("a source that is not available adds unknown statements", () => {
  const policy = policyOfPlan(
    document([root], {
      after: { source_policy_documents: [null] },
      unknown: { source_policy_documents: [true] },
      config: { source_policy_documents: refs("local.extra") },
    }),
  );
  assert.deepEqual(sids(policy), ["Root:kms:*"]);
  assert.deepEqual(policy.unknown, unknownOf("local.extra").unknown);
});

test("documents that merge each other", () => {
  const merging = (address: string, other: string) =>
    document([root], {
      address,
      after: { source_policy_documents: [null] },
      unknown: { source_policy_documents: [true] },
      config: { source_policy_documents: refs(`${other}.json`, other) },
    });
  const policy = policyOfPlan(
    merging(doc, "data.aws_iam_policy_document.e"),
    merging("data.aws_iam_policy_document.e", doc),
  );
  assert.deepEqual(sids(policy), ["Root:kms:*"]);
});

test("a document in the calling module, passed as a variable", () => {
  const { policy } = keyOf({
    modules: { kms: { arguments: { policy: json } } },
    resources: [
      document([root]),
      { address: "module.kms.aws_kms_key.k", unknown: ["policy"], config: { policy: refs("var.policy") } },
    ],
  });
  assert.deepEqual(sids(policy), ["Root:kms:*"]);
});

test("a choice between two documents is unknown", () => {
  const other = "data.aws_iam_policy_document.e";
  const { policy } = keyOf({
    resources: [
      reader(refs("var.strict", `${doc}.json`, doc, `${other}.json`, other)),
      document([root]),
      document([root], { address: other }),
    ],
  });
  assert.equal(policy.state, "unresolved");
  assert.equal(policy.unknown?.expression, `${doc}.json, ${other}.json`);
});

test("an unknown number of statements", () => {
  const policy = policyOfPlan(
    document([], {
      after: { statement: undefined },
      unknown: { statement: true },
      config: { statement: refs("local.s") },
    }),
  );
  assert.equal(policy.state, "unresolved");
});
