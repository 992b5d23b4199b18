import { distinct } from "../model/distinct.ts";
import type { Access, NamedCallers, Principal, PrincipalKind, Statement } from "../model/document.ts";
import { actionGroups } from "./action-groups.ts";
import { callersOfStatement } from "./callers.ts";
import { type ChooseOutcome, type Outcomes, outcomes } from "./choices.ts";
import { type AnalyzedPolicy, Context, textCauses } from "./context.ts";
import { spend, TooComplex } from "./language.ts";
import {
  accountsOf,
  type BoxesOf,
  isReplication,
  type Openness,
  opennessOf,
  properties,
} from "./openness.ts";
import {
  commonRequests,
  otherRequests,
  type RequestBox,
  requestsWithout,
  restricted,
  TooManyParts,
  type Universe,
} from "./request-set.ts";
import { type Requests, statementBox } from "./statement-set.ts";
import { type CallerKind, callersOfAccount, universeOf } from "./universe.ts";
import { strings } from "./values.ts";

/** The access that one statement gives some of its principals for an action, in one run. */
interface Result {
  open: Openness;
  always: boolean;
  callers: NamedCallers[];
}

/** Returns what a statement gives each of its principals, after all Deny statements of the policy. */
export function accessOf(statement: Statement, policy: AnalyzedPolicy): Access[] {
  const groups = actionGroups(statement, policy.denyClassOf);
  const subjects = statement.notPrincipal ? [[]] : statement.principals.map((principal) => [principal]);
  const found: Access[] = [];
  for (const [i, principals] of subjects.entries()) {
    if (principals.length === 1 && !isCounted(principals[0] as Principal)) continue;
    for (const { actions, representative } of groups) {
      const access =
        plainAccess(statement, principals, representative, policy) ??
        accessTo(statement, principals, representative, policy);
      if (access !== null) found.push({ principals: statement.notPrincipal ? [] : [i], actions, ...access });
    }
  }
  return merged(found);
}

const isCounted = ({ kind }: Principal): boolean => kind !== "invalid";

/** Joins groups of actions, and then groups of principals, that have the same access. */
function merged(found: Access[]): Access[] {
  const byPrincipal = joined(
    found,
    ({ actions: _, ...rest }) => rest,
    (a, b) => ({
      ...a,
      actions: [...a.actions, ...b.actions].sort(),
    }),
  );
  return joined(
    byPrincipal,
    ({ principals: _, ...rest }) => rest,
    (a, b) => ({
      ...a,
      principals: [...a.principals, ...b.principals],
    }),
  );
}

function joined(
  list: Access[],
  same: (access: Access) => object,
  join: (a: Access, b: Access) => Access,
): Access[] {
  const groups = new Map<string, Access>();
  for (const access of list) {
    const key = JSON.stringify(same(access));
    const known = groups.get(key);
    groups.set(key, known === undefined ? access : join(known, access));
  }
  return [...groups.values()];
}

type Found = Omit<Access, "principals" | "actions">;

/** Returns the access by an unconditional Allow in a policy without Deny, or null if the statement or a principal is not that plain. */
function plainAccess(
  statement: Statement,
  [principal]: Principal[],
  action: string,
  { denies }: AnalyzedPolicy,
): Found | null {
  const isPlain =
    statement.effect === "Allow" &&
    statement.matchesKey === "yes" &&
    statement.conditions.length === 0 &&
    statement.covers.includes(action) &&
    denies.length === 0;
  if (!isPlain || principal === undefined || statement.notPrincipal) return null;
  const { kind, relation, invalidReason } = principal;
  const isOwner = relation === "owner" || invalidReason !== undefined;
  const isEveryone = kind === "everyone";
  const isService = kind === "service";
  if (!isEveryone && !isService && (!isNamed(kind) || relation === "unknown" || relation === undefined))
    return null;
  return {
    granted: true,
    ...(isEveryone ? { public: true } : {}),
    ...(isEveryone || isOwner ? { owner: true } : {}),
    ...(isEveryone || isService || isOwner ? {} : { external: true, beyondOwner: true }),
    ...(isService ? { anySource: true } : {}),
    ...(action === "CreateGrant" ? { anyGrant: true, delegation: true } : {}),
    ...(isReplication(action) ? { anyRegion: true } : {}),
    ...(isEveryone || (kind === "root" && isOwner) ? { always: true } : {}),
  };
}

const isNamed = (kind: PrincipalKind): boolean =>
  ["root", "user", "role", "assumed-role", "federated-user"].includes(kind);

/** Returns the access to one action, or null if there is none. */
function accessTo(
  statement: Statement,
  principals: Principal[],
  action: string,
  policy: AnalyzedPolicy,
): Found | null {
  const found = runs(statement, principals, action, policy);
  if (found === null) return tooComplex;
  const access: Found = {};
  for (const property of properties) {
    const truth = found.truthOf(({ open }) => open[property] === true);
    if (truth !== undefined) access[property] = truth;
  }
  const always = found.truthOf((result) => result.always);
  if (always !== undefined) access.always = always;
  const callers = distinct(found.all.flatMap(({ value }) => value.callers));
  if (callers.length > 0) access.callers = callers;
  return Object.keys(access).length === 0 ? null : access;
}

function runs(
  statement: Statement,
  principals: Principal[],
  action: string,
  policy: AnalyzedPolicy,
): Outcomes<Result> | null {
  try {
    return outcomes((choose: ChooseOutcome) =>
      resultOf(statement, principals, action, new Context(choose, policy)),
    );
  } catch (error) {
    if (error instanceof TooComplex || error instanceof TooManyParts) return null;
    throw error;
  }
}

const complexity = [{ clause: "the conditions of the policy are too complex to analyze" }];
const tooComplex: Found = Object.fromEntries(
  [...properties, "always"].map((property) => [property, complexity]),
);

const callerKinds: CallerKind[] = ["principal", "service"];

function resultOf(statement: Statement, principals: Principal[], action: string, context: Context): Result {
  const result: Result = { open: {}, always: false, callers: [] };
  spend(statement.conditions.length + context.policy.denies.length);
  if (!covers(statement, action, context) || !matchesKey(statement, context)) return result;
  const isAllow = hasEffect(statement, "Allow", context);
  const callers = callersOfStatement(statement, principals, context);
  const isForEveryone = callers.principal !== undefined && callers.service !== undefined;
  let isForCallers = false;
  for (const kind of callerKinds) {
    const universe = universeOf(kind, action, context.owner);
    const requests = { kind, action, universe, context };
    const own = statementBox(statement, callers, requests);
    if (own === null) continue;
    isForCallers ||= kind === "principal";
    if (kind === "principal") result.always = coversOwner(own, universe, context);
    const boxes = isAllow ? withoutDenies([own], requests) : [own];
    if (boxes.length === 0) continue;
    result.open.granted = true;
    if (!isAllow) continue;
    // AWS services that a perimeter exempts are not everyone.
    const isPerimeter = kind === "service" && isForCallers && boxes[0] === own && exemptsServices(context);
    const wasPublic = result.open.public === true;
    addOpenness(result, boxes, { kind, isForEveryone, action, context });
    if (isPerimeter && !wasPublic) delete result.open.public;
  }
  return result;
}

/**
 * Returns whether a Deny is for the calls of principals alone, as in AWS's data perimeters.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html
 */
const exemptsServices = ({ policy: { denies } }: Context): boolean =>
  denies.some(({ conditions }) => conditions.some(({ key }) => key === "aws:principalisawsservice"));

const hasEffect = ({ effect, index }: Statement, wanted: string, { choose }: Context): boolean =>
  typeof effect === "string"
    ? effect === wanted
    : (choose(`effect ${index}`, 2, () => [effect.unknown]) === 0) === (wanted === "Allow");

function covers(
  { covers, mayCover, actions, index }: Statement,
  action: string,
  { choose }: Context,
): boolean {
  if (covers.includes(action)) return true;
  const causes = () =>
    textCauses(
      actions.map(({ text }) => text),
      "an action of the statement",
    );
  return mayCover.includes(action) && choose(`actions ${index}`, 2, causes) === 1;
}

const matchesKey = ({ matchesKey, resources, index }: Statement, { choose }: Context): boolean =>
  matchesKey === "unknown"
    ? choose(`resources ${index}`, 2, () => textCauses(resources, "the ARN of the key")) === 1
    : matchesKey === "yes";

/** Returns whether a statement matches every request of the principals in the owner's account. */
function coversOwner(own: RequestBox, universe: Universe, context: Context): boolean {
  const requests = restricted(new Map(), "caller", strings(callersOfAccount(context.owner)), universe);
  return requests !== null && otherRequests(requests, own, universe).length === 0;
}

/** In steps: to read a Deny takes about as long as these, whatever it says. */
const DENY_WORK = 50;

/** Subtracts the requests that the Deny statements of the policy match. */
function withoutDenies(boxes: RequestBox[], requests: Requests): RequestBox[] {
  const { action, universe, context } = requests;
  let left = boxes;
  for (const deny of context.policy.denies) {
    if (left.length === 0) break;
    if (deny.matchesKey === "no") continue;
    if (!deny.covers.includes(action) && !deny.mayCover.includes(action)) continue;
    spend(DENY_WORK);
    const callers = callersOfStatement(deny, deny.principals, context);
    const denied = statementBox(deny, callers, requests);
    if (denied === null || !left.some((box) => commonRequests(box, denied, universe) !== null)) continue;
    if (!hasEffect(deny, "Deny", context) || !covers(deny, action, context) || !matchesKey(deny, context))
      continue;
    left = requestsWithout(left, denied, universe);
  }
  return left;
}

/** Adds what requests leave open. */
function addOpenness(result: Result, boxes: RequestBox[], about: BoxesOf): void {
  const accounts = accountsOf(about.context);
  for (const box of boxes) {
    const { open, callers } = opennessOf(box, accounts, about);
    Object.assign(result.open, open);
    if (callers !== null) result.callers.push(callers);
  }
}
