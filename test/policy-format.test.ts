import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { placeholderEnd, placeholderParts } from "../src/core/formats/key-policy/placeholder.ts";
import type { Key } from "../src/core/model/document.ts";
import { normalizeInputs } from "../src/core/pipeline.ts";

const root = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};
const document = { Version: "2012-10-17", Statement: [root] };

const read = (text: string, { path = "p.json", named = true } = {}) =>
  normalizeInputs([{ path, text, named }]);
const keysIn = (value: unknown, options?: { path?: string; named?: boolean }): Key[] =>
  read(typeof value === "string" ? value : JSON.stringify(value), options).document.keys;

const shapes: { [name: string]: unknown } = {
  "a document": document,
  "a document with a single statement": { ...document, Statement: root },
  "a document without Version": { Statement: [root] },
  "a statement": root,
  "a list of statements": [root],
  "the output of aws kms get-key-policy": { Policy: JSON.stringify(document), PolicyName: "default" },
  "the output of older AWS CLI versions": { Policy: JSON.stringify(document) },
  "a JSON string": JSON.stringify(JSON.stringify(document)),
  "a JSON string in a JSON string": JSON.stringify(JSON.stringify(JSON.stringify(document))),
  "a JSON string of the get-key-policy output": JSON.stringify(
    JSON.stringify({ Policy: JSON.stringify(document) }),
  ),
  YAML: "Version: 2012-10-17\nStatement:\n  - Effect: Allow\n    Principal: {AWS: 'arn:aws:iam::111122223333:root'}\n    Action: kms:*\n    Resource: '*'\n",
};

for (const [name, value] of Object.entries(shapes)) {
  test(`a key policy is read from ${name}`, () => {
    for (const named of [true, false]) {
      const [key, ...more] = keysIn(value, { named });
      assert.deepEqual(more, []);
      assert.equal(key?.kind, "policy");
      assert.equal(key?.resource, "<policy>");
      assert.equal(key?.policy.state, "resolved");
      assert.equal(key?.policy.statements[0]?.principals[0]?.kind, "root");
      assert.equal(key?.owner, "111122223333");
    }
  });
}

const statement = (changes: object) => ({ ...document, Statement: [{ ...root, ...changes }] });
const { Principal: _, ...withoutPrincipal } = root;

/** Policies in a directory that are not key policies. */
const others: { [name: string]: unknown } = {
  "an identity policy": { ...document, Statement: [withoutPrincipal] },
  "a bucket policy": statement({ Action: ["s3:GetObject"] }),
  "a queue policy": statement({ Action: "sqs:SendMessage" }),
  "a trust policy": statement({ Action: "sts:AssumeRole", Principal: { Service: "kms.amazonaws.com" } }),
  "a policy about a bucket's encryption": statement({
    Action: "s3:*",
    Condition: { Null: { "s3:x-amz-kms": "true" } },
  }),
  "an endpoint policy": statement({ Action: "*", Principal: "*" }),
  "an endpoint policy for several services": statement({ Action: ["kms:*", "s3:*"], Principal: "*" }),
  "a resource control policy for several services": statement({
    Effect: "Deny",
    Action: ["kms:*", "s3:*"],
    Principal: "*",
  }),
  "a resource control policy for AWS KMS": statement({ Effect: "Deny", Principal: "*" }),
  "a service control policy": { ...document, Statement: [{ ...withoutPrincipal, Effect: "Deny" }] },
  "a bucket policy with every action": statement({
    Action: "*",
    Resource: "arn:aws:s3:::orders/*",
    Condition: { Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "true" } },
  }),
};

for (const [name, value] of Object.entries(others)) {
  test(`${name} in a directory is skipped silently`, () => {
    const { document, problems, notices } = read(JSON.stringify(value), { named: false });
    assert.deepEqual([document.keys, problems, notices], [[], [], []]);
  });
}

test("the policy of a VPC endpoint is known by the name of its file", () => {
  const value = statement({ Principal: "*", Action: ["kms:Decrypt", "kms:ListAliases"] });
  for (const [path, count] of [
    ["policies/kms-endpoint.json", 0],
    ["vpce/orders.json", 1],
    ["policies/kms.json", 1],
  ] as const)
    assert.equal(keysIn(value, { named: false, path }).length, count, path);
  assert.equal(keysIn(document, { named: false, path: "endpoint.json" }).length, 1, "the root has kms:*");
});

test("escapes do not hide a key policy in a directory", () => {
  const text = JSON.stringify({ Policy: JSON.stringify(document).replace("Statement", "State\\u006dent") });
  for (const escaped of [text, text.replaceAll("kms", "\\u006bms")])
    assert.equal(keysIn(escaped, { named: false })[0]?.policy.statements.length, 1);
});

test("an action of another service does not hide a key policy", () => {
  const foreign = {
    ...root,
    Principal: { AWS: "arn:aws:iam::111122223333:role/app" },
    Action: "s3:GetObject",
  };
  const [key] = keysIn({ ...document, Statement: [root, foreign] }, { named: false });
  assert.deepEqual(
    key?.policy.statements.flatMap(({ actions }) => actions.map(({ known }) => known)),
    [true, false],
  );
});

test("a named file that only denies the actions of several services contains no key policy", () => {
  const { document, notices } = read(
    JSON.stringify(others["a resource control policy for several services"]),
  );
  assert.deepEqual(document.keys, []);
  assert.match(notices[0]?.message ?? "", /contains no KMS key, alias, grant or key policy/);
});

/** Malformed policies in a directory; each pattern matches the problem. */
const malformed: [what: string, value: unknown, problem: RegExp][] = [
  ["text as Statement", { ...document, Statement: "kms:*" }, /a string as Statement/],
  ["number as Statement", { ...document, Id: "kms", Statement: 5 }, /a number as Statement/],
  ["empty Statement", { ...document, Id: "kms", Statement: [] }, /empty Statement list/],
  ["texts as statements", { ...document, Statement: ["Allow kms:*"] }, /statement 1 is a string/],
  ["nested list of statements", { ...document, Statement: [[root]] }, /statement 1 is a list/],
  ["text beside a statement", { ...document, Statement: [root, "kms:*"] }, /statement 2 is a string/],
  ["list of statements with a text", [root, "kms:*"], /statement 2 is a string/],
  ["nested list of actions", statement({ Action: [["kms:*"]] }), /a list in Action/],
  ["object as Action", statement({ Action: { kms: "kms:*" } }), /an object in Action/],
  [
    "misspelled Principal",
    { ...document, Statement: [{ ...withoutPrincipal, Principals: "*" }] },
    /Principals/,
  ],
  ["misspelled Statement", { Version: "2012-10-17", Statements: [root] }, /no Statement/],
  ["broken JSON in a string", { Policy: '{"Statement": [{"Action": "kms:*",}]}' }, /not valid JSON/],
];

for (const [what, value, problem] of malformed) {
  test(`a malformed policy in a directory is reported: ${what}`, () => {
    for (const named of [false, true]) {
      const [key] = keysIn(value, { named });
      assert.match(key?.policy.problems.map(({ message }) => message).join("; ") ?? "", problem);
    }
  });
}

test("a named file counts as a key policy: without a Principal, it is malformed", () => {
  const [key] = keysIn(others["an identity policy"]);
  assert.match(key?.policy.problems[0]?.message ?? "", /no Principal/);
});

test("a policy that allows every action is a key policy if the file name mentions keys", () => {
  const value = statement({ Action: "*" });
  assert.equal(keysIn(value, { named: false, path: "kms/orders.json" }).length, 1);
  assert.equal(keysIn(value, { named: false, path: "orders.json" }).length, 0);
});

test("a policy without a Statement is malformed; other objects are not policies", () => {
  assert.equal(keysIn({ Version: "2012-10-17" })[0]?.policy.state, "unreadable");
  assert.deepEqual(keysIn({ Version: "1", services: {} }), []);
  assert.deepEqual(keysIn({ Resources: {}, Statement: [root] }), []);
});

test("CloudFormation intrinsic functions are resolved as in a template", () => {
  const own = { "Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root" };
  const partner = { "Fn::Join": ["", ["arn:aws:iam::", { Ref: "Partner" }, ":root"]] };
  const [key] = keysIn(statement({ Principal: { AWS: [own, partner] } }));
  const [first, second] = key?.policy.statements[0]?.principals ?? [];
  assert.equal(first?.account, "self");
  assert.equal(second?.text, "arn:aws:iam::⟨Partner⟩:root");
  assert.equal(key?.owner, "self");
});

test("a condition that is not in the file results in a variant for each branch", () => {
  const value = statement({
    Principal: { "Fn::If": ["IsOpen", "*", { AWS: "arn:aws:iam::111122223333:root" }] },
  });
  const keys = keysIn(value);
  assert.deepEqual(
    keys.map((key) => [key.variant?.assumptions, key.policy.statements[0]?.principals[0]?.kind]),
    [
      [["IsOpen is true"], "everyone"],
      [["IsOpen is false"], "root"],
    ],
  );
});

const parts: [text: string, parts: string[]][] = [
  ["arn:aws:iam::${account}:root", ["arn:aws:iam::", "⟨account⟩", ":root"]],
  ["arn:aws:iam::$ACCOUNT_ID:root", ["arn:aws:iam::", "⟨ACCOUNT_ID⟩", ":root"]],
  ["arn:aws:iam::{{ account.id }}:root", ["arn:aws:iam::", "⟨account.id⟩", ":root"]],
  ['${lookup(local.accounts, "dev")}', ['⟨lookup(local.accounts, "dev")⟩']],
  ["${jsonencode({a = 1})}", ["⟨jsonencode({a = 1})⟩"]],
  ["user/${aws:username}", ["user/${aws:username}"]],
  ["${aws:PrincipalTag/team, 'none'}", ["${aws:PrincipalTag/team, 'none'}"]],
  ["${kms:EncryptionContext:app}", ["${kms:EncryptionContext:app}"]],
  ["${*}${?}${$}", ["${*}${?}${$}"]],
  ["$${account}", ["${account}"]],
  ["${AWS::AccountId}", ["⟨AWS::AccountId⟩"]],
  ["arn:aws:iam::<%= account %>:root", ["arn:aws:iam::", "⟨account⟩", ":root"]],
  ["arn:aws:iam::@@ACCOUNT@@:root", ["arn:aws:iam::", "⟨ACCOUNT⟩", ":root"]],
  ["arn:aws:iam::%{account}:root", ["arn:aws:iam::", "⟨account⟩", ":root"]],
  ["arn:aws:iam::#{account}:root", ["arn:aws:iam::", "⟨account⟩", ":root"]],
  ["arn:aws:iam::@{account}:root", ["arn:aws:iam::", "⟨account⟩", ":root"]],
  ["${self:custom.accounts.${opt:stage}}", ["⟨self:custom.accounts.${opt:stage}⟩"]],
  ["${aws:accountId}", ["⟨aws:accountId⟩"]],
  ["price: 5$", ["price: 5$"]],
  ["a@@b <%", ["a@@b <%"]],
  ["${open", ["${open"]],
  ["<ACCOUNT>", ["<ACCOUNT>"]],
];

for (const [text, expected] of parts) {
  test(`placeholders in ${text} are unknown parts`, () => {
    assert.deepEqual(
      placeholderParts(text).map((part) => (typeof part === "string" ? part : `⟨${part.expression}⟩`)),
      expected,
    );
  });
}

test("a placeholder for an entire value is unknown", () => {
  const [all] = keysIn('{"Version": "2012-10-17", "Statement": ${statements}}');
  assert.deepEqual(
    [all?.policy.state, all?.policy.unknown],
    ["unresolved", { reason: "filled in by another tool", expression: "statements" }],
  );
  const text = `{
  "Statement": [
    ${JSON.stringify(root)},
    {"Effect": "Allow", "Principal": {"AWS": \${jsonencode(readers)}}, "Action": "kms:Decrypt", "Resource": "*"},
    \${more}
  ]
}`;
  const [some] = keysIn(text, { path: "kms.json.tpl", named: false });
  assert.equal(some?.policy.statements[1]?.principals[0]?.text, "⟨jsonencode(readers)⟩");
  assert.equal(some?.policy.statements[1]?.principals[0]?.location.line, 4);
  assert.equal(some?.policy.unknown?.expression, "more");
});

for (const statements of [
  "${statements}",
  "{{ statements }}",
  "<%= statements %>",
  "@@STATEMENTS@@",
  "%{statements}",
]) {
  test(`${statements} in place of the statements is unknown`, () => {
    const text = `{"Version": "2012-10-17", "Id": "kms", "Statement": ${statements}}`;
    for (const named of [true, false]) assert.equal(keysIn(text, { named })[0]?.policy.state, "unresolved");
  });
}

test("quotes inside a placeholder inside a string do not end the string", () => {
  const text = JSON.stringify(statement({ Principal: { AWS: "X" } })).replace(
    "X",
    'arn:aws:iam::${ids["dev"]}:root',
  );
  assert.equal(keysIn(text)[0]?.policy.statements[0]?.principals[0]?.text, 'arn:aws:iam::⟨ids["dev"]⟩:root');
});

test("Terraform template directives are a JSON syntax error", () => {
  const { document, problems } = read('{"Statement": [%{ for a in accounts }{}%{ endfor }]}');
  assert.deepEqual(document.keys, []);
  assert.equal(problems.length, 1);
});

test("the account and Region options apply to the key", () => {
  const { document } = normalizeInputs([{ path: "p.json", text: JSON.stringify(root), named: true }], {
    account: "444455556666",
    region: "cn-north-1",
  });
  const [key] = document.keys;
  assert.deepEqual([key?.owner, key?.region, key?.partition], ["444455556666", "cn-north-1", "aws-cn"]);
  assert.equal(key?.policy.statements[0]?.principals[0]?.relation, "external");
});

test("each document of a YAML stream is a separate policy", () => {
  const yaml = `${shapes.YAML}---\n${shapes.YAML}`;
  const ids = keysIn(yaml, { path: "p.yaml" }).map((key) => key.id);
  assert.deepEqual(ids, ["p.yaml#<policy>", "p.yaml:8#<policy>"]);
});

test("positions refer to the file, even inside a JSON string", () => {
  const text = JSON.stringify({ Policy: JSON.stringify(document, null, 2) });
  const location = keysIn(text)[0]?.policy.statements[0]?.principals[0]?.location;
  assert.equal(location?.line, 1);
  assert.equal(text.slice((location?.column ?? 0) - 1).slice(0, 6), '\\"arn:');
});

test("law: the parts concatenated again equal the input", () => {
  const word = fc.constantFrom(
    "${",
    "}",
    "{{",
    "}}",
    "$",
    "$a",
    "a",
    '"',
    "\\",
    " ",
    "${aws:username}",
    "${x}",
    "<%",
    "%>",
    "@@",
    "#{",
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      const text = words.join("");
      fc.pre(!text.includes("$${"));
      let known = text;
      for (const part of placeholderParts(text)) {
        if (typeof part === "string") {
          assert.ok(known.startsWith(part));
          known = known.slice(part.length);
        } else {
          const end = placeholderEnd(known, 0);
          assert.ok(end > 0 && known.slice(0, end).includes(part.expression));
          known = known.slice(end);
        }
      }
      assert.equal(known, "");
    }),
  );
});

test("AWS rejects any Version except 2012-10-17 and 2008-10-17", () => {
  for (const version of ["2012-10-16", "2010-09-09", "", "1", 20121017, true]) {
    const [key] = keysIn({ ...document, Version: version });
    assert.deepEqual(
      [key?.policy.problems.map(({ message }) => message), key?.policy.version],
      [
        [`the policy has the Version "${version}"; the valid versions are 2012-10-17 and 2008-10-17`],
        undefined,
      ],
    );
    assert.equal(key?.policy.statements.length, 1, "the statements are judged all the same");
  }
  for (const version of ["2012-10-17", "2008-10-17", "${version}"])
    assert.deepEqual(keysIn({ ...document, Version: version })[0]?.policy.problems, []);
});

test("Version and Id are strings", () => {
  const problemsOf = (element: object) => {
    const [key] = keysIn({ ...document, ...element });
    return [key?.policy.problems.map(({ message }) => message), key?.policy.version];
  };
  assert.deepEqual(problemsOf({ Version: { a: 1 } }), [
    ["the policy has an object as Version; a string is required"],
    undefined,
  ]);
  assert.deepEqual(problemsOf({ Id: [] }), [
    ["the policy has an empty list as Id; a string is required"],
    "2012-10-17",
  ]);
});

test("placeholders in operator names and condition keys are unknown", () => {
  const conditions = (condition: object) =>
    keysIn(statement({ Condition: condition }))[0]?.policy.statements[0]?.conditions;
  const [operator] = conditions({ "${operator}": { "aws:PrincipalOrgID": "o-1234567890" } }) ?? [];
  assert.equal(operator?.operator, "Unknown");
  const [key] = conditions({ StringEquals: { "kms:${key}": "x" } }) ?? [];
  assert.equal(key?.key, "kms:⟨key⟩");
  const named = keysIn(statement({ Condition: { StringEquals: { "kms:${key}": "x" } } }));
  assert.equal(named[0]?.policy.size?.unsupportedCharacter, undefined);
});

test("a comment before the policy is a JSON syntax error", () => {
  for (const comment of ["// orders", "/* orders */"]) {
    const { problems } = read(`${comment}\n${JSON.stringify(document)}`);
    assert.deepEqual(
      problems.map(({ line, message }) => [line, message]),
      [[1, "JSON does not allow comments."]],
    );
  }
});
