/** Generates key policies that are hard to judge: conditions of every operator on what identifies a caller. */
import fc from "fast-check";
import { type KeySpec, keys, lists, operators, owner, partners } from "./condition-keys.ts";
import type { Policy, PrincipalElement, Statement } from "./iam.ts";

const [partner] = partners as [string];

/** Keys that identify the caller decide most questions, so they are more frequent. */
const identifying = Object.keys(keys).slice(0, 12);

const condition = fc
  .oneof(
    { weight: 5, arbitrary: fc.constantFrom(...identifying) },
    { weight: 3, arbitrary: fc.constantFrom(...Object.keys(keys)) },
  )
  .chain((name) => {
    const { kind, values } = keys[name] as KeySpec;
    const written = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...operators[kind]) },
      { weight: 1, arbitrary: fc.constant("Null") },
    );
    return fc
      .record({
        operator: written,
        set: fc.integer({ min: 0, max: 19 }),
        ifExists: fc.integer({ min: 0, max: 4 }),
        key: fc.constantFrom(name, name, name, name, name.toLowerCase()),
        values: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3, size: "small" }),
        one: fc.boolean(),
        flag: fc.constantFrom("true", "false"),
      })
      .map((drawn) => {
        if (drawn.operator === "Null") return { operator: "Null", key: drawn.key, value: drawn.flag };
        const set =
          drawn.set < (lists.has(name) ? 18 : 2)
            ? drawn.set % 2 === 0
              ? "ForAnyValue:"
              : "ForAllValues:"
            : "";
        const ifExists = drawn.ifExists === 0 ? "IfExists" : "";
        const value = drawn.one || drawn.values.length === 1 ? (drawn.values[0] as string) : drawn.values;
        return { operator: `${set}${drawn.operator}${ifExists}`, key: drawn.key, value };
      });
  });

const conditions = fc.array(condition, { maxLength: 3 }).map((drawn) => {
  const block: { [operator: string]: { [key: string]: string | string[] } } = {};
  for (const { operator, key, value } of drawn) block[operator] = { ...block[operator], [key]: value };
  return block;
});

const action = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<string | string[]>("kms:*", "kms:*", "*") },
  {
    weight: 5,
    arbitrary: fc.uniqueArray(
      fc.constantFrom(
        "kms:Decrypt",
        "kms:Decrypt",
        "kms:GenerateDataKey*",
        "kms:Encrypt",
        "kms:DescribeKey",
        "kms:CreateGrant",
        "kms:PutKeyPolicy",
        "kms:Put*",
        "kms:ReEncrypt*",
        "kms:decrypt",
        "kms:?ecrypt",
        "kms:RetireGrant",
        "kms:ReplicateKey",
        "kms:ScheduleKeyDeletion",
        "kms:Create*",
        "kms:Get*",
      ),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

const names = [
  `arn:aws:iam::${owner}:root`,
  owner,
  `arn:aws:iam::${owner}:role/admin`,
  `arn:aws:iam::${owner}:user/alice`,
  `arn:aws:sts::${owner}:assumed-role/admin/session`,
  `arn:aws:iam::${partner}:root`,
  `arn:aws:iam::${partner}:role/app`,
  partners[1] as string,
];
const services = ["sns.amazonaws.com", "cloudtrail.amazonaws.com", "logs.eu-central-1.amazonaws.com"];

const accountsOf = (named: string[]): PrincipalElement => ({
  AWS: named.length === 1 ? (named[0] as string) : named,
});
const someNames = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }).map(accountsOf);
const everyone = fc.constantFrom<PrincipalElement>("*", { AWS: "*" }, { AWS: ["*"] });
const service = fc.constantFrom(...services).map((Service): PrincipalElement => ({ Service }));

const element = fc.oneof(
  { weight: 6, arbitrary: everyone },
  { weight: 4, arbitrary: someNames },
  { weight: 2, arbitrary: service },
);

/** A list of exempt principals usually names the account too: without it AWS's answer is not certain. */
const exempt = fc.tuple(someNames, fc.boolean()).map(([named, withAccount]): PrincipalElement => {
  const drawn = [(named as { AWS: string | string[] }).AWS].flat();
  const roots = drawn.flatMap((name) => /\d{12}/.exec(name)?.map((id) => `arn:aws:iam::${id}:root`) ?? []);
  return accountsOf(withAccount ? [...new Set([...drawn, ...roots])] : drawn);
});

const statement = fc
  .record({
    effect: fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Deny"),
    element,
    exempt,
    notPrincipal: fc.integer({ min: 0, max: 9 }),
    action,
    notAction: fc.integer({ min: 0, max: 24 }),
    conditions,
    resource: fc.constantFrom(
      ..."********",
      "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws:kms:*:*:key/*",
      "arn:aws:s3:::example-bucket/*",
    ),
  })
  .map((drawn): Statement => {
    const spared = drawn.notPrincipal < (drawn.effect === "Deny" ? 4 : 1);
    return {
      Effect: drawn.effect,
      ...(spared ? { NotPrincipal: drawn.exempt } : { Principal: drawn.element }),
      ...(drawn.notAction === 0 ? { NotAction: drawn.action } : { Action: drawn.action }),
      Resource: drawn.resource,
      ...(Object.keys(drawn.conditions).length > 0 ? { Condition: drawn.conditions } : {}),
    };
  });

const rootStatement: Statement = {
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${owner}:root` },
  Action: "kms:*",
  Resource: "*",
};

export const keyPolicies: fc.Arbitrary<Policy> = fc
  .record({
    version: fc.constantFrom<string | undefined>(
      ...Array<string>(12).fill("2012-10-17"),
      "2008-10-17",
      undefined,
    ),
    root: fc.integer({ min: 0, max: 3 }),
    statements: fc.array(statement, { minLength: 1, maxLength: 4, size: "small" }),
  })
  .map(({ version, root, statements }) => ({
    ...(version === undefined ? {} : { Version: version }),
    Statement: root > 0 ? [rootStatement, ...statements] : statements,
  }));
