import type { NamedAccount, NamedCallers } from "../model/document.ts";
import { isNarrowNetwork } from "./address.ts";
import { type Context, isAccountId, type Named } from "./context.ts";
import {
  anyText,
  difference,
  includes,
  intersection,
  isEmpty,
  isSubset,
  type Language,
  languageOf,
  literal,
} from "./language.ts";
import type { RequestBox } from "./request-set.ts";
import { type CallerKind, callersIn, callersOfAccount, everyCaller } from "./universe.ts";

/** The properties of a set of requests that are facts of a statement; `Access` describes them. */
export const properties = [
  "granted",
  "public",
  "owner",
  "external",
  "beyondOwner",
  "anySource",
  "anyGrant",
  "delegation",
  "anyRegion",
] as const;

export type Openness = { [property in (typeof properties)[number]]?: true };

export interface BoxesOf {
  kind: CallerKind;
  /** The principal is `*`, or NotPrincipal. */
  isForEveryone: boolean;
  action: string;
  context: Context;
}

/** Returns what some requests leave open, and for everyone behind conditions, who can make them. */
export function opennessOf(
  box: RequestBox,
  accounts: Accounts,
  { kind, isForEveryone, action, context }: BoxesOf,
): { open: Openness; callers: NamedCallers | null } {
  const open: Openness = {};
  const fenced = !isForEveryone || isFenced(box, kind, accounts, context);
  if (!fenced) open.public = true;
  if (kind === "principal" && !isEmpty(intersection(callerOf(box), accounts.owner))) open.owner = true;
  const external =
    fenced &&
    (isForEveryone || kind === "principal") &&
    (isForEveryone ? isForOtherAccount : reachesOtherAccount)(box, kind, accounts, context);
  if (external) open.external = true;
  if (external || (isForEveryone && fenced && reachesOrganization(box, kind, accounts, context)))
    open.beyondOwner = true;
  if (kind === "service" && !isForEveryone && isForAnySource(box, action, context)) open.anySource = true;
  if (action === "CreateGrant") {
    if (isDelegation(box, context)) open.delegation = true;
    if (isAnyGrant(box, context)) open.anyGrant = true;
  }
  if (isReplication(action) && isForAnyRegion(box, action)) open.anyRegion = true;
  return {
    open,
    callers:
      fenced && (isForEveryone || (external && reachesOrganization(box, kind, accounts, context)))
        ? namedCallers(box, kind, context)
        : null,
  };
}

/** Returns the languages that a context's accounts give. */
export interface Accounts {
  named: Language;
  owner: Language;
}

export const accountsOf = (context: Context): Accounts => ({
  named: languageOf([...context.accounts.keys()].flatMap((id) => callersIn(literal(id)))),
  owner: callersOfAccount(context.owner),
});

/** Returns whether a part of the requests is restricted to values that stand for one account, organization, network or resource each. */
function isConfined(box: RequestBox, part: string, context: Context): boolean {
  const set = box.get(part);
  const confined = context.confined.get(part);
  if (set?.kind !== "string" || set.absent || confined === undefined) return false;
  return isSubset(set.values, languageOf(confined));
}

const networkParts = ["aws:sourcevpc", "aws:sourcevpce"];
const sourceParts = ["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"];
const organizationParts = ["organization", "aws:sourceorgid", "aws:sourceorgpaths"];
const callerParts = ["kms:calleraccount", "aws:principalaccount", "aws:principalarn"];

const isInNetwork = (box: RequestBox, context: Context): boolean => {
  const addresses = box.get("aws:sourceip (address)");
  return (
    networkParts.some((part) => isConfined(box, part, context)) ||
    (addresses?.kind === "interval" && !addresses.absent && isNarrowNetwork(addresses.intervals))
  );
};

const callerOf = (box: RequestBox): Language => {
  const set = box.get("caller");
  return set?.kind === "string" ? set.values : everyCaller();
};

/** Returns whether only callers that the policy names, in one way or another, can make these requests. */
function isFenced(box: RequestBox, kind: CallerKind, accounts: Accounts, context: Context): boolean {
  return (
    (kind === "principal" && isSubset(callerOf(box), accounts.named)) ||
    ["organization", "aws:userid", ...(kind === "service" ? [...callerParts, ...sourceParts] : [])].some(
      (part) => isConfined(box, part, context),
    ) ||
    isInNetwork(box, context)
  );
}

/** Returns whether everyone behind conditions includes another account that they name. */
const isForOtherAccount: typeof reachesOtherAccount = (box, kind, accounts, context) =>
  (kind === "service" || isSubset(callerOf(box), accounts.named)) &&
  reachesOtherAccount(box, kind, accounts, context);

/** Returns whether the requests can come from, or be made for, an account other than the owner's. */
function reachesOtherAccount(
  box: RequestBox,
  kind: CallerKind,
  accounts: Accounts,
  context: Context,
): boolean {
  if (kind === "principal")
    return !isEmpty(difference(intersection(callerOf(box), everyCaller()), accounts.owner));
  const parts = [...callerParts, "aws:sourceaccount", "aws:sourcearn"].filter((part) =>
    isConfined(box, part, context),
  );
  return parts.length > 0 && parts.every((part) => namesOtherAccount(box, part, context));
}

function namesOtherAccount(box: RequestBox, part: string, context: Context): boolean {
  return [...context.accounts.keys()].some((id) => id !== context.owner && namesAccount(box, part, id));
}

function namesAccount(box: RequestBox, part: string, id: string): boolean {
  const set = box.get(part);
  return set?.kind === "string" && !isEmpty(intersection(set.values, mentioning(part, id)));
}

/** Returns the values of a part that belong to an account. */
const mentioning = (part: string, id: string): Language =>
  languageOf([part.endsWith("arn") ? [...arnHead, ...literal(id), ...arnTail] : literal(id)]);

const noColon = anyText(":");
const arnHead = [0, 1, 2, 3].flatMap(() => [noColon, ...literal(":")]);
const arnTail = [...literal(":"), anyText()];

/** Returns whether only an organization restricts the requests, so that they come from beyond the owner's account. */
const reachesOrganization = (
  box: RequestBox,
  kind: CallerKind,
  accounts: Accounts,
  context: Context,
): boolean =>
  organizationParts.some((part) => isConfined(box, part, context)) &&
  !(kind === "principal" && isSubset(callerOf(box), accounts.owner)) &&
  !(
    kind === "service" &&
    [...callerParts, "aws:sourceaccount", "aws:sourcearn"].some(
      (part) => isConfined(box, part, context) && !namesOtherAccount(box, part, context),
    )
  );

const forAwsResources = (box: RequestBox): boolean => {
  const set = box.get("kms:grantisforawsresource");
  return set?.kind === "string" && !set.absent && !includes(set.values, "false");
};

const isGrantAction = (action: string): boolean => /^(Create|List|Revoke)Grants?$/.test(action);

/** Returns whether a service may make these requests for any source. */
function isForAnySource(box: RequestBox, action: string, context: Context): boolean {
  if (isGrantAction(action) && forAwsResources(box)) return false;
  return !(
    sourceParts.some((part) => isConfined(box, part, context)) ||
    [...box.keys()].some(
      (part) => part.startsWith("kms:encryptioncontext:") && isConfined(box, part, context),
    )
  );
}

/** Returns whether the grants that these requests create can pass on every operation to any grantee. */
function isDelegation(box: RequestBox, context: Context): boolean {
  const operations = box.get("kms:grantoperations");
  return !(
    forAwsResources(box) ||
    (operations?.kind === "list" && !includes(operations.all, "CreateGrant")) ||
    isConfined(box, "kms:granteeprincipal", context)
  );
}

/** Returns whether nothing restricts the grants that these requests create. */
function isAnyGrant(box: RequestBox, context: Context): boolean {
  const operations = box.get("kms:grantoperations");
  const services = box.get("kms:viaservice");
  const constraint = box.get("kms:grantconstrainttype");
  return !(
    !isDelegation(box, context) ||
    (operations?.kind === "list" &&
      [operations.all, ...operations.some].some((names) => !includes(names, anotherOperation))) ||
    (services?.kind === "string" && !services.absent && !includes(services.values, anotherService)) ||
    constraint?.absent === false
  );
}

// A restriction to some names leaves out a name that nobody has thought of.
const anotherOperation = "AnotherOperation";
const anotherService = "another-service.xx-test-1.amazonaws.com";

const anotherRegion = "xx-test-1";
const regionKeys: { [action: string]: string } = {
  ReplicateKey: "kms:replicaregion",
  UpdatePrimaryRegion: "kms:primaryregion",
};

export const isReplication = (action: string): boolean => action in regionKeys;

/** Returns whether the key can be replicated to any Region. */
function isForAnyRegion(box: RequestBox, action: string): boolean {
  const set = box.get(regionKeys[action] as string);
  return set?.kind !== "string" || includes(set.values, anotherRegion);
}

/** Returns the accounts and organizations that conditions restrict everyone to. */
function namedCallers(box: RequestBox, kind: CallerKind, context: Context): NamedCallers | null {
  const isNamed = (id: string): boolean =>
    kind === "principal"
      ? !isEmpty(intersection(callerOf(box), callersOfAccount(id)))
      : [...callerParts, "aws:sourceaccount", "aws:sourcearn"].some(
          (part) => isConfined(box, part, context) && namesAccount(box, part, id),
        );
  const isByAccount = kind === "service" || isSubset(callerOf(box), accountsOf(context).named);
  const accounts = isByAccount
    ? [...context.accounts].flatMap(([id, named]) => (isNamed(id) ? [accountNamed(named)] : []))
    : [];
  const organizations = organizationParts.flatMap((part) => {
    const set = box.get(part);
    if (set?.kind !== "string" || !isConfined(box, part, context)) return [];
    return [...(context.organizations.get(part) ?? [])].filter(
      (id) => !isEmpty(intersection(set.values, languageOf([[...literal(id), anyText()]]))),
    );
  });
  if (accounts.length === 0 && organizations.length === 0) return null;
  return {
    ...(accounts.length > 0 ? { accounts } : {}),
    ...(organizations.length > 0 ? { organizations } : {}),
  };
}

const accountNamed = ({ text, account, relation }: Named): NamedAccount => ({
  text: isAccountId(account) ? account : text,
  ...(account === undefined ? {} : { account }),
  ...(relation === undefined ? {} : { relation }),
});
