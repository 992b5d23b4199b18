/** A key policy with one certain hole, in one of its many spellings: everyone can decrypt. */
import type { Random } from "../random.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Files of one input. The first one is the one that a user would name. */
export type Files = { [path: string]: string };

export const root: JsonObject = {
  Sid: "EnableIamPolicies",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};

export function holePolicy(random: Random): JsonObject {
  const hole: JsonObject = {
    Effect: "Allow",
    Principal: random.pick<Json>([
      "*",
      { AWS: "*" },
      { AWS: ["*"] },
      { AWS: ["arn:aws:iam::111122223333:role/app", "*"] },
    ]),
    Action: random.pick<Json>([
      "kms:Decrypt",
      ["kms:Decrypt"],
      ["kms:DescribeKey", "kms:Decrypt"],
      "kms:D*",
      "KMS:decrypt",
      "kms:?ecrypt",
    ]),
    Resource: random.pick<Json>(["*", ["*"]]),
  };
  const statement = shuffledKeys(hole, random);
  return shuffledKeys(
    { Version: "2012-10-17", Statement: random.chance(0.5) ? [root, statement] : [statement, root] },
    random,
  );
}

export const shuffledKeys = (value: JsonObject, random: Random): JsonObject =>
  Object.fromEntries(random.shuffled(Object.entries(value)));
