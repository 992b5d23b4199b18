/**
 * The restriction law: a policy that lets unrelated principals use the key is never reported as clean, and a policy that
 * does not is never certain to be public.
 */

import type { Drawn, Role, World } from "./draw.ts";
import { isAllowed, type Policy, type Request, type Statement } from "./iam.ts";
import { harmlessForServices } from "./kms.ts";
import { type Mentions, mentionsOf } from "./mentions.ts";
import { Random } from "./random.ts";
import { drawRequest, drawWorld } from "./requests.ts";
import type { Truth } from "./truth.ts";

/** The rules that Keywarden reports for a policy, by verdict. */
export interface Reported {
  fail: ReadonlySet<string>;
  unknown: ReadonlySet<string>;
}

export interface Violation {
  law: string;
  kind: "false pass" | "false alarm";
  /** Requests that the policy allows, although nothing was reported. */
  requests: Request[];
}

interface Search {
  policy: Policy;
  mentions: Mentions;
  /** The Allow statements that count, besides all Deny statements. */
  statements: readonly Statement[];
  role: Role;
  /** The least certain answer that counts. */
  atLeast: "yes" | "maybe";
  action?: string;
  accepts?: (request: Request) => boolean;
  random: Random;
}

/** KMS refuses such a policy, so nobody is allowed anything. */
const refused = ["malformed_policy", "invalid_principal", "policy_unresolved"];

export function violations(
  policy: Policy,
  { fail, unknown }: Reported,
  seed: number,
  effort = 40,
): Violation[] {
  if (refused.some((rule) => fail.has(rule) || unknown.has(rule))) return [];
  const random = new Random(seed);
  const allows = policy.Statement.filter(({ Effect }) => Effect === "Allow");
  const result: Violation[] = [];
  const silent = (...rules: string[]): boolean => !rules.some((rule) => fail.has(rule) || unknown.has(rule));
  const falsePass = (law: string, requests: Request[] | undefined): void => {
    if (requests !== undefined) result.push({ law, kind: "false pass", requests });
  };
  const search = (role: Role, statements: readonly Statement[], atLeast: "yes" | "maybe"): Search => ({
    policy: {
      ...policy,
      Statement: policy.Statement.filter((each) => each.Effect === "Deny" || statements.includes(each)),
    },
    mentions: mentionsOf(policy),
    statements,
    role,
    atLeast,
    random,
  });

  const publicRules = ["public_access", "not_principal_allow"];
  const everybody = allows.filter(reachesEveryone);
  // A service that acts for any account lets everybody in, too.
  const outsiders = ["stranger", "service"] as const;
  if (silent(...publicRules))
    falsePass(
      "public",
      two(search("stranger", everybody, "yes"), effort) ?? two(search("service", everybody, "yes"), effort),
    );
  else if (
    fail.has("public_access") &&
    outsiders.every((role) => one(search(role, everybody, "maybe"), 30 * effort) === undefined)
  )
    result.push({ law: "public", kind: "false alarm", requests: [] });

  const manages = (atLeast: "yes" | "maybe"): Search => ({
    ...search("owner", allows, atLeast),
    action: "PutKeyPolicy",
  });
  if (silent("key_unmanageable")) {
    if (one(manages("maybe"), 15 * effort) === undefined) falsePass("unmanageable", []);
  } else if (fail.has("key_unmanageable")) {
    const manager = one(manages("yes"), 3 * effort);
    if (manager !== undefined) result.push({ law: "unmanageable", kind: "false alarm", requests: [manager] });
  }

  if (silent("cross_account_delegation", ...publicRules)) {
    const foreigner = one(
      { ...search("foreigner", allows, "yes"), action: "CreateGrant", accepts: delegatesFreely },
      effort,
    );
    falsePass("delegation", foreigner && [foreigner]);
  }

  const services = allows.filter(
    ({ Principal }) => Principal !== undefined && Principal !== "*" && Principal["Service"] !== undefined,
  );
  if (silent("service_principal_unscoped"))
    falsePass("service", two({ ...search("service", services, "yes"), accepts: revealsToService }, effort));
  return result;
}

const reachesEveryone = ({ Principal }: Statement): boolean =>
  Principal === undefined || Principal === "*" || [Principal["AWS"] ?? []].flat().includes("*");

const carries = ({ context }: Request, key: string, value: string): boolean =>
  context.values.get(key)?.includes(value) === true;

/** A grant of all operations, to whomever the caller chooses. */
const delegatesFreely = (request: Request): boolean =>
  !carries(request, "kms:grantisforawsresource", "true") &&
  (request.context.values.get("kms:grantoperations")?.length ?? 0) > 3 &&
  /role\/visitor$/.test(request.context.values.get("kms:granteeprincipal")?.[0] ?? "");

const revealsToService = (request: Request): boolean =>
  !harmlessForServices.has(request.action) && !carries(request, "kms:grantisforawsresource", "true");

/** Draws requests until one is allowed. */
function one(search: Search, effort: number, world?: World, other?: Drawn): Drawn | undefined {
  const { policy, mentions, statements, role, atLeast, random } = search;
  const enough = (truth: Truth): boolean => truth === "yes" || truth === atLeast;
  for (let i = 0; i < effort; i++) {
    const drawnWorld = world ?? drawWorld(mentions, random, atLeast === "maybe");
    for (const statement of statements) {
      const request = drawRequest(role, statement, mentions, drawnWorld, random, search.action);
      if (request === undefined || search.accepts?.(request) === false) continue;
      if (other !== undefined && !areUnrelated(request, other)) continue;
      if (enough(isAllowed(policy, request))) return request;
    }
  }
  return undefined;
}

/** Draws two allowed requests by unrelated callers, to the same key. */
function two(search: Search, effort: number): Drawn[] | undefined {
  if (search.statements.length === 0) return undefined;
  const { mentions } = search;
  for (let i = 0; i < 4; i++) {
    const world = drawWorld(mentions, search.random, false);
    const first = one(search, effort / 4, world);
    const second = first && one(search, effort, world, first);
    if (first !== undefined && second !== undefined) return [first, second];
  }
  return undefined;
}

const areUnrelated = ({ identity: a }: Drawn, { identity: b }: Drawn): boolean =>
  a.account !== b.account &&
  (a.organization === undefined || a.organization !== b.organization) &&
  (a.network === undefined || a.network !== b.network);
