/** Draws requests that a statement might match: who calls, from where, and with which context. */
import { drawPrincipal, drawService } from "./callers.ts";
import { owner } from "./condition-keys.ts";
import type { Drawn, Role, World } from "./draw.ts";
import { actionMatches, type Statement } from "./iam.ts";
import { actions } from "./kms.ts";
import { conditionsOf, type Mentions } from "./mentions.ts";
import type { Random } from "./random.ts";

export function drawWorld({ text, values }: Mentions, random: Random, inTheory: boolean): World {
  const organizations = text.match(/(?<![\w-])o-[a-z0-9]{10,32}(?!\w)/g) ?? [];
  const patterns = (values.get("aws:principalorgid") ?? []).map((value) => filled(value, owner, random));
  const dates = (values.get("aws:currenttime") ?? []).map((date) =>
    new Date(Date.parse(date) + 1000 * (random.integer(3) - 1)).toISOString(),
  );
  return {
    organization: random.pick([
      undefined,
      "o-ownerowner",
      ...organizations,
      ...patterns.filter((one) => /^o-[a-z0-9]{10,32}$/.test(one)),
    ]),
    region: random.pick(["eu-central-1", "us-east-1", "ap-south-1"]),
    inTheory,
    time: random.pick(["2027-03-01T12:00:00Z", ...dates]),
  };
}

/** Returns a request, or undefined if the draw does not fit the role. */
export function drawRequest(
  role: Role,
  statement: Statement,
  mentions: Mentions,
  world: World,
  random: Random,
  wanted?: string,
): Drawn | undefined {
  const matched = matchedActions(statement);
  if (wanted === undefined ? matched.length === 0 : !matched.includes(wanted)) return undefined;
  const action = wanted ?? random.pick(matched);
  const own = valuesOf(statement);
  /** Returns a value that the policy mentions for a key, with its wildcards and variables filled in. */
  const mentioned = (key: string, account: string, fillers?: string): string | undefined => {
    const values = random.chance(0.7) ? (own.get(key) ?? mentions.values.get(key)) : mentions.values.get(key);
    return values === undefined || values.length === 0
      ? undefined
      : filled(random.pick(values), account, random, fillers);
  };
  const anonymous = (value: string | undefined): boolean =>
    value === undefined || role === "owner" || role === "foreigner" || !mentions.text.includes(value);

  const account = drawAccount(role, mentions, random);
  const draw = { role, action, statement, mentions, world, random, mentioned, account };
  return role === "service" ? drawService(draw, anonymous) : drawPrincipal(draw, anonymous);
}

const known = new WeakMap<Statement, Map<string, string[]>>();
function valuesOf(statement: Statement): Map<string, string[]> {
  let values = known.get(statement);
  if (values === undefined) {
    values = new Map(
      conditionsOf(statement)
        .filter(({ operator }) => operator !== "null")
        .map((one) => [one.key, one.values]),
    );
    known.set(statement, values);
  }
  return values;
}

const actionsOfStatement = new WeakMap<Statement, readonly string[]>();
function matchedActions(statement: Statement): readonly string[] {
  let matched = actionsOfStatement.get(statement);
  if (matched === undefined) {
    matched = actions.filter((action) => actionMatches(statement, action));
    actionsOfStatement.set(statement, matched);
  }
  return matched;
}

function drawAccount(role: Role, { accounts, accountPatterns }: Mentions, random: Random): string {
  if (role === "owner") return owner;
  const literal = role === "foreigner" ? accounts : [];
  const drawn = random.pick([random.digits(12), ...literal, ...accountPatterns]);
  const open = drawn.replace(/\?/g, () => random.digits(1));
  const missing = 12 - open.replaceAll("*", "").length;
  return open
    .replace("*", missing > 0 ? random.digits(missing) : "")
    .replaceAll("*", "")
    .slice(0, 12)
    .padEnd(12, "0");
}

/** Fills in wildcards and variables. */
export function filled(pattern: string, account: string, random: Random, star?: string): string {
  return pattern
    .replace(/\$\{\s*([^,}]*)(?:,\s*'([^']*)')?\s*\}/g, (_, name: string, fallback?: string) => {
      if (name === "*" || name === "?") return "\u0001";
      return name.toLowerCase() === "aws:resourceaccount" ? owner : (fallback ?? account);
    })
    .replace(/\?/g, () => random.digits(1))
    .replace(/\*/g, () => star ?? random.letters(10))
    .replaceAll("\u0001", "*");
}
