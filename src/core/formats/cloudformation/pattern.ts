import type { UnknownPartType } from "../../model/node.ts";

const ACCOUNT = "123456789012";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ROLES = [`arn:aws:iam::${ACCOUNT}:role/x`, `arn:aws:iam::${ACCOUNT}:role/example-Role_1`];
const USERS = [`arn:aws:iam::${ACCOUNT}:user/x`, `arn:aws:iam::${ACCOUNT}:user/example-User_1`];
const KEYS = [`arn:aws:kms:us-east-1:${ACCOUNT}:key/12345678-1234-1234-1234-123456789012`];
const OTHERS = [`arn:aws:s3:::example-bucket`, `arn:aws:sns:us-east-1:${ACCOUNT}:example`, "arn:aws:x"];

const MAX_LENGTH = 200;
const SAMPLE_LENGTH = 100;
const MAX_COMBINATIONS = SAMPLE_LENGTH ** 4 * 16;

/** Compiles an AllowedPattern, which must match the entire value. Returns undefined if it is invalid or may be slow. */
export function compilePattern(source: string): RegExp | undefined {
  if (source.length > MAX_LENGTH || mayBacktrack(source)) return undefined;
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    return undefined; // Java syntax, or an invalid pattern
  }
}

/**
 * Returns whether matching may be slow: a group with an alternative or an unbounded repetition is itself repeated, as in
 * `(a+)*`, or a sequence of them has too many combinations.
 */
function mayBacktrack(source: string): boolean {
  const groups = [{ risky: false, choices: 1 }];
  let closedRisky = false;
  let combinations = 1;
  for (let i = 0; i < source.length; i++) {
    const char = source[i] as string;
    const top = groups.at(-1) as { risky: boolean; choices: number };
    const afterRisky = closedRisky;
    closedRisky = false;
    if (char === "\\") i++;
    else if (char === "[") i = endOfClass(source, i);
    else if (char === "(") {
      groups.push({ risky: false, choices: 1 });
      if (source[i + 1] === "?") i++;
    } else if (char === ")" && groups.length > 1) {
      groups.pop();
      combinations *= top.choices;
      closedRisky = top.risky;
      if (top.risky) (groups.at(-1) as { risky: boolean }).risky = true;
    } else if (char === "|") {
      top.risky = true;
      top.choices++;
    } else if (char === "?") combinations *= 2;
    else if (char === "*" || char === "+" || char === "{") {
      if (afterRisky) return true;
      const exactly = /^\{\d{1,4}\}/.exec(source.slice(i))?.[0];
      if (exactly) i += exactly.length - 1;
      else {
        top.risky = true;
        combinations *= SAMPLE_LENGTH;
      }
    }
  }
  return combinations > MAX_COMBINATIONS;
}

function endOfClass(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "]" && i > start + 1) return i;
  }
  return source.length;
}

/** Returns whether a pattern matches a value; undefined if there is no pattern or the value is too long to match. */
export const matchesAllowedPattern = (pattern: RegExp | undefined, value: string): boolean | undefined =>
  value.length <= SAMPLE_LENGTH ? pattern?.test(value) : undefined;

/** Returns the type of the values that an AllowedPattern matches; undefined if there may be several types. */
export function typeFromPattern(source: string): UnknownPartType | undefined {
  const pattern = compilePattern(source);
  if (!pattern || pattern.test("*")) return undefined;
  const matchesAny = (values: string[]) => values.some((value) => pattern.test(value));
  const account = pattern.test(ACCOUNT);
  const [root, role, user, key, other] = [[ROOT], ROLES, USERS, KEYS, OTHERS].map(matchesAny);
  if (account) return root || role || user || key || other ? undefined : "account-id";
  if (root) return undefined;
  if (role) return user || key || other ? undefined : "role-arn";
  if (user) return key || other ? undefined : "user-arn";
  if (key) return other ? undefined : "key-arn";
  if (other) return undefined;
  // The samples don't cover every ARN. A pattern that contains an ARN may match one.
  return /arn|:/.test(source.replaceAll("(?:", "(")) ? undefined : "name";
}

/** Returns the common type of the allowed values. */
export function typeFromValues(values: string[]): UnknownPartType | undefined {
  const allMatch = (pattern: RegExp) => values.length > 0 && values.every((value) => pattern.test(value));
  if (allMatch(/^\d{12}$/)) return "account-id";
  if (allMatch(/^arn:[^:]+:iam::\d{12}:role\/./)) return "role-arn";
  if (allMatch(/^arn:[^:]+:iam::\d{12}:user\/./)) return "user-arn";
  if (allMatch(/^(?!arn:|\d{12}$)[^*?]*$/)) return "name";
  return undefined;
}

/** Returns the values of a pattern that is only a list of words, such as `^(dev|prod)$`. */
export function valuesOfPattern(source: string): string[] | undefined {
  const list =
    /^\^?\((?:\?:)?([\w|-]+)\)\$?$/.exec(source)?.[1] ?? /^([\w-]+(?:\|[\w-]+)+)$/.exec(source)?.[1];
  const values = list?.split("|");
  return values?.every((value) => value !== "") ? [...new Set(values)] : undefined;
}
