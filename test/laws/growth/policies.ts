/** Key policies whose normalization could grow faster than their text. */
import { allow, bracketed, type Family, json, nested, policy, repeat, root } from "./family.ts";

/** Returns a policy in which a placeholder stands for a text that is not a JavaScript value. */
const withText = (statement: object, text: string): string =>
  json(policy(root, statement)).replace('"@"', () => text);

const deep = (name: string, statement: object, innermost: string): Family[] => [
  {
    name: `lists around ${name}`,
    n: 90,
    files: (n) => ({ "policy.json": withText(statement, bracketed(n, "[", innermost, "]")) }),
  },
  {
    name: `objects around ${name}`,
    n: 90,
    files: (n) => ({ "policy.json": withText(statement, bracketed(n, '{"AWS":', innermost, "}")) }),
  },
  {
    name: `lists in lists of two around ${name}`,
    n: 90,
    files: (n) => ({ "policy.json": withText(statement, bracketed(n, '["a",', innermost, "]")) }),
  },
];

const file = (name: string, n: number, text: (n: number) => string, path = "policy.json"): Family => ({
  name,
  n,
  files: (size) => ({ [path]: text(size) }),
});

export const policyFamilies: Family[] = [
  ...deep("a principal", allow({ Principal: "@" }), '"*"'),
  ...deep("an AWS principal", allow({ Principal: { AWS: "@" } }), '"*"'),
  ...deep("an action", allow({ Action: "@" }), '"kms:Decrypt"'),
  ...deep("a resource", allow({ Resource: "@" }), '"*"'),
  ...deep("a condition", allow({ Condition: "@" }), '"*"'),
  ...deep("a condition value", allow({ Condition: { StringEquals: { "kms:ViaService": "@" } } }), '"*"'),
  ...deep("an effect", allow({ Effect: "@" }), '"Allow"'),
  ...deep("a Sid", allow({ Sid: "@" }), '"Allow"'),
  file(
    "lists around a statement",
    90,
    (n) => `{"Version":"2012-10-17","Statement":${bracketed(n, "[", json(allow()), "]")}}`,
  ),
  file("lists around a policy", 90, (n) => bracketed(n, "[", json(policy(root, allow())), "]")),
  file("many brackets", 50_000, (n) => bracketed(n, "[", "", "]")),
  file("many open brackets with kms Statement", 100_000, (n) => `{"Statement":"kms:","a":${"[".repeat(n)}`),
  file("statements", 600, (n) => json(policy(root, ...repeat(n, (i) => allow({ Sid: `S${i}` }))))),
  file("equal statements", 600, (n) => json(policy(root, ...repeat(n, () => allow())))),
  file("malformed statements", 2000, (n) =>
    json(policy(root, ...repeat(n, (i) => ({ Sid: `S${i}`, Efect: "Allow" })))),
  ),
  file("statements that are strings", 10_000, (n) => json(policy(root, ...repeat(n, (i) => `text ${i}`)))),
  file("unknown elements", 5000, (n) =>
    json(policy(root, allow(Object.fromEntries(repeat(n, (i) => [`Element${i}`, "x"]))))),
  ),
  file("long unknown elements", 100, (n) =>
    json(
      policy(root, allow(Object.fromEntries(repeat(10, (i) => [`Element${i}${"x".repeat(n * 100)}`, "x"])))),
    ),
  ),
  file("principals", 1000, (n) =>
    json(
      policy(
        root,
        allow({ Principal: { AWS: repeat(n, (i) => `arn:aws:iam::444455556666:role/app-${i}`) } }),
      ),
    ),
  ),
  file("principals of many accounts", 1000, (n) =>
    json(
      policy(root, allow({ Principal: { AWS: repeat(n, (i) => `arn:aws:iam::${400000000000 + i}:root`) } })),
    ),
  ),
  file("invalid principals", 5000, (n) =>
    json(policy(root, allow({ Principal: { AWS: repeat(n, (i) => `x ${i}`) } }))),
  ),
  file("principals with spaces", 100_000, (n) =>
    json(policy(root, allow({ Principal: { AWS: `1${" ".repeat(n)}x` } }))),
  ),
  file("principal of colons", 100_000, (n) =>
    json(policy(root, allow({ Principal: { AWS: `arn${":".repeat(n)}root ` } }))),
  ),
  file("principal with placeholders", 5000, (n) =>
    json(policy(root, allow({ Principal: { AWS: `arn:aws:iam:${"${account}".repeat(n)}root` } }))),
  ),
  file("actions", 5000, (n) => json(policy(root, allow({ Action: repeat(n, (i) => `kms:Decryp${i}`) })))),
  file("long action", 100_000, (n) =>
    json(policy(root, allow({ Action: `kms:${"Decrypt".repeat(n / 7)}` }))),
  ),
  file("action of stars", 100_000, (n) => json(policy(root, allow({ Action: `kms:${"*".repeat(n)}x` })))),
  file("action of stars and letters", 50_000, (n) =>
    json(policy(root, allow({ Action: `kms:${"*e".repeat(n)}x` }))),
  ),
  file("actions of stars", 500, (n) =>
    json(policy(root, allow({ Action: repeat(n, (i) => `kms:${"*e*".repeat(60)}${i}`) }))),
  ),
  file("resource of stars", 50_000, (n) => json(policy(root, allow({ Resource: `arn:${"*a".repeat(n)}` })))),
  file("resources", 300, (n) =>
    json(policy(root, allow({ Resource: repeat(n, (i) => `arn:aws:kms:eu-west-1:111122223333:key/${i}*`) }))),
  ),
  file("long Sid in many problems", 300, (n) =>
    json(
      policy(root, {
        Sid: "x".repeat(n * 100),
        Effect: "Allow",
        Principal: { AWS: repeat(n, () => 1 as unknown) },
        Action: repeat(n, () => ({})),
        Resource: "*",
      }),
    ),
  ),
  file("long Sid in many statements", 30, (n) =>
    json(policy(root, ...repeat(30, () => allow({ Sid: "x".repeat(n * 100), Principal: "*" })))),
  ),
  file("long principal in many statements", 30, (n) =>
    json(
      policy(
        root,
        ...repeat(30, (i) =>
          allow({ Principal: { AWS: `arn:aws:iam::44445555666${i}:role/${"x".repeat(n * 100)}` } }),
        ),
      ),
    ),
  ),
  file("condition keys", 1000, (n) =>
    json(
      policy(
        root,
        allow({
          Condition: { StringEquals: Object.fromEntries(repeat(n, (i) => [`aws:PrincipalTag/t${i}`, "x"])) },
        }),
      ),
    ),
  ),
  file("unknown condition keys", 2000, (n) =>
    json(
      policy(
        root,
        allow({
          Condition: { StringEquals: Object.fromEntries(repeat(n, (i) => [`kms:ViaServic${i}`, "x"])) },
        }),
      ),
    ),
  ),
  file("long condition key", 100_000, (n) =>
    json(policy(root, allow({ Condition: { StringEquals: { [`kms:${"x".repeat(n)}`]: "x" } } }))),
  ),
  file("long condition operator", 100_000, (n) =>
    json(policy(root, allow({ Condition: { [`String${"Like".repeat(n / 4)}`]: { "aws:SourceArn": "x" } } }))),
  ),
  file("condition values", 1000, (n) =>
    json(
      policy(
        root,
        allow({
          Principal: "*",
          Condition: { StringLike: { "aws:PrincipalArn": repeat(n, (i) => `arn:*${i}*`) } },
        }),
      ),
    ),
  ),
  file("condition value of stars", 500, (n) =>
    json(
      policy(
        root,
        allow({ Principal: "*", Condition: { StringLike: { "aws:PrincipalArn": "*a".repeat(n) } } }),
      ),
    ),
  ),
  file("condition value of variables", 500, (n) =>
    json(
      policy(
        root,
        allow({
          Principal: "*",
          Condition: { StringLike: { "aws:PrincipalArn": "${aws:username}".repeat(n) } },
        }),
      ),
    ),
  ),
  file("condition value of open variables", 500, (n) =>
    json(
      policy(
        root,
        allow({ Principal: "*", Condition: { StringLike: { "aws:PrincipalArn": "${".repeat(n) } } }),
      ),
    ),
  ),
  file("placeholders", 10_000, (n) => json(policy(root, allow({ Resource: "${a}".repeat(n) })))),
  file("open placeholders", 50_000, (n) => json(policy(root, allow({ Resource: "${".repeat(n) })))),
  file("open braces", 50_000, (n) => json(policy(root, allow({ Resource: "{{".repeat(n) })))),
  file("open double braces with spaces", 50_000, (n) =>
    json(policy(root, allow({ Resource: `{{${" ".repeat(n)}` }))),
  ),
  file("open tags", 50_000, (n) => json(policy(root, allow({ Resource: "<%".repeat(n) })))),
  file("at signs", 100_000, (n) => json(policy(root, allow({ Resource: "@".repeat(n) })))),
  file("at names", 30_000, (n) => json(policy(root, allow({ Resource: "@@A".repeat(n) })))),
  file("dollars", 100_000, (n) => json(policy(root, allow({ Resource: "$A".repeat(n) })))),
  file("open Serverless variables", 20_000, (n) =>
    json(policy(root, allow({ Resource: "${self:".repeat(n) }))),
  ),
  file("spaces in a placeholder", 100_000, (n) =>
    json(policy(root, allow({ Resource: `\${${" ".repeat(n)}}` }))),
  ),
  file("spaces in a string", 100_000, (n) => json(policy(root, allow({ Resource: " ".repeat(n) })))),
  file("quoted placeholder values", 2000, (n) =>
    json(policy(root, allow())).replace('"kms:Decrypt"', `[${repeat(n, (i) => `\${a${i}}`).join(",")}]`),
  ),
  file("policy in a string", 1, (n) =>
    nested(2, json(policy(root, ...repeat(n * 200, () => allow()))), json),
  ),
  file("policy in strings", 8, (n) => nested(n, json(policy(root, allow({ Principal: "*" }))), json)),
  file("get-key-policy in get-key-policy", 6, (n) =>
    nested(n, json(policy(root, allow())), (text) => json({ Policy: text })),
  ),
  file("get-key-policy objects", 90, (n) =>
    json(nested<unknown>(n, policy(root, allow()), (value) => ({ Policy: value, Statement: "kms" }))),
  ),
  file("escapes", 20_000, (n) => json(policy(root, allow())).replace("Decrypt", "\\u0044".repeat(n))),
  file("backslashes", 50_000, (n) => json(policy(root, allow({ Resource: "\\".repeat(n) })))),
  file("quotes", 50_000, (n) => json(policy(root, allow({ Resource: '"'.repeat(n) })))),
  file("quotes outside strings", 50_000, (n) => `{"Statement": kms${'" '.repeat(n)}`),
  file("text after the policy", 100_000, (n) => `${json(policy(root, allow()))}${"}".repeat(n)}`),
  file("spaces after the policy", 100_000, (n) => `${json(policy(root, allow()))}${" ".repeat(n)}x`),
  file("lines after the policy", 100_000, (n) => `${json(policy(root, allow()))}${"\n".repeat(n)}`),
  file("spaces before the policy", 100_000, (n) => `${" ".repeat(n)}${json(policy(root, allow()))}`),
  file("comments", 20_000, (n) => `${"// a\n".repeat(n)}${json(policy(root, allow()))}`),
  file("open comment", 50_000, (n) => `${"/*".repeat(n)}${json(policy(root, allow()))}`),
  file("trailing commas", 50_000, (n) =>
    json(policy(root, allow())).replace('"kms:Decrypt"', `["kms:Decrypt"${",".repeat(n)}]`),
  ),
  file("keys of one object", 5000, (n) =>
    json({ ...policy(root, allow()), ...Object.fromEntries(repeat(n, (i) => [`Key${i}`, i])) }),
  ),
  file(
    "duplicate key",
    5000,
    (n) =>
      `{${repeat(n, (i) => `"Key${i}": 1`).join(",")},"Key${n - 1}":2,"Version":"2012-10-17","Statement":${json([root])}}`,
  ),
  file(
    "long duplicate key",
    100_000,
    (n) => `{"${"k".repeat(n)}":1,"${"k".repeat(n)}":2,"Version":"2012-10-17","Statement":${json([root])}}`,
  ),
  file("numbers", 20_000, (n) => json(policy(root, allow({ Action: repeat(n, (i) => i) })))),
  file("long number", 100_000, (n) =>
    json(policy(root, allow({ Action: "@" }))).replace('"@"', "1".repeat(n)),
  ),
  file("invalid Version", 100_000, (n) => json({ Version: "x".repeat(n), Statement: [root, allow()] })),
  file("unsupported characters", 30_000, (n) => json(policy(root, allow({ Sid: "€".repeat(n) })))),
  file("lone surrogates", 10_000, (n) => json(policy(root, allow({ Sid: "\ud800".repeat(n) })))),
  file("statement in a hole", 5000, (n) => json(policy(root, ...repeat(n, (i) => `\${statement${i}}`)))),
];
