/** Collects what a policy mentions, so that requests can meet or avoid it. */
import { rangeOf } from "./address.ts";
import type { Policy, Statement } from "./iam.ts";

export interface Mentions {
  /** The policy as one text. An identifier in it is named by the policy. */
  text: string;
  /** The values of each condition key, in all statements. */
  values: Map<string, string[]>;
  /** The lists of address ranges. */
  addresses: string[][];
  /** The names of roles and users. */
  names: string[];
  /** The account IDs in full, and the patterns of accounts. */
  accounts: string[];
  accountPatterns: string[];
  /** The keys of principal tags. */
  tags: string[];
}

export const conditionsOf = ({
  Condition = {},
}: Statement): { operator: string; key: string; values: string[] }[] =>
  Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => ({
      operator: operator.toLowerCase(),
      key: key.toLowerCase(),
      values: [values].flat().map(String),
    })),
  );

const known = new WeakMap<Policy, Mentions>();

export function mentionsOf(policy: Policy): Mentions {
  let mentions = known.get(policy);
  if (mentions === undefined) {
    mentions = collect(policy);
    known.set(policy, mentions);
  }
  return mentions;
}

function collect(policy: Policy): Mentions {
  const conditions = policy.Statement.flatMap(conditionsOf);
  const values = new Map<string, string[]>();
  for (const { operator, key, values: more } of conditions)
    values.set(key, [...(values.get(key) ?? []), ...(operator === "null" ? [] : more)]);
  const text = JSON.stringify(policy);
  const groups = (expression: RegExp): string[] =>
    [...text.matchAll(expression)].map((match) => match.at(-1) as string);
  const ofAccountKeys = [...values].filter(([key]) => /account$/.test(key)).flatMap(([, some]) => some);
  return {
    text,
    values,
    names: [
      ...groups(/(?:role|user)\/([\w-]+)/g),
      ...(values.get("aws:username") ?? []).filter((name) => /^\w+$/.test(name)),
    ],
    accounts: groups(/(?<!\d)\d{12}(?!\d)/g),
    accountPatterns: [...ofAccountKeys, ...groups(/arn:aws:\w+:[\w-]*:([\d*?]+):/g)].filter((one) =>
      /^[\d*?]+$/.test(one),
    ),
    tags: [...new Set(groups(/aws:principaltag\/\w+/gi).map((tag) => tag.toLowerCase()))],
    addresses: conditions
      .filter(({ key, operator }) => key === "aws:sourceip" && operator !== "null")
      .map((one) => one.values),
  };
}

/** Returns whether ranges hold at most as many IPv4 addresses as a /8, and no more than a /8 of IPv6. */
export function isSmall(blocks: readonly string[]): boolean {
  const total = { 4: 0n, 6: 0n };
  for (const block of blocks) {
    const range = rangeOf(block);
    if (range !== undefined) total[range.version] += range.last - range.first + 1n;
  }
  return total[4] <= 1n << 24n && total[6] <= 1n << 120n;
}
