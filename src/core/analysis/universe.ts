import facts from "../model/facts.json" with { type: "json" };
import { own } from "../model/json.ts";
import { everyAddress } from "./address.ts";
import {
  anyCharacter,
  anyText,
  type Language,
  languageOf,
  literal,
  oneOf,
  type Pattern,
} from "./language.ts";
import type { Universe } from "./request-set.ts";
import { anyList, anyValue, onlyAbsent, strings, type ValueSet } from "./values.ts";

/**
 * IAM principals and AWS services call AWS KMS with different condition keys.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export type CallerKind = "principal" | "service";

/** Returns a function that makes a language when it is first needed: most policies need none. */
const lazily = (make: () => Language): (() => Language) => {
  let made: Language | undefined;
  return () => (made ??= make());
};

/** Condition keys that identify the caller. For IAM principals they are the part `caller` of a request. */
export const callerKeys = new Set(["kms:calleraccount", "aws:principalaccount", "aws:principalarn"]);
export const organizationKeys = new Set(["aws:principalorgid", "aws:principalorgpaths"]);
const sourceKeys = new Set(["aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"]);

const digits = "0123456789";
const accountId: Pattern = Array.from({ length: 12 }, () => oneOf(digits)).flat();

/**
 * A caller is `arn:aws:iam::ACCOUNT:root`, `…:user/PATH/NAME`, `…:federated-user/NAME`, or `…:role/PATH/NAME#SESSION`, in
 * every partition. A session of a role has the ARN of the role as aws:PrincipalArn.
 */
export const callerPrefix = "arn:aws:iam::";
const inAccount = (account: Pattern, rest: Pattern): Pattern => [
  ...literal(callerPrefix),
  ...account,
  ...literal(":"),
  ...rest,
];

/** Returns the patterns of all callers in an account. */
export const callersIn = (account: Pattern): Pattern[] => [
  inAccount(account, literal("root")),
  ...["user/", "federated-user/", "role/"].map((type) =>
    inAccount(account, [...literal(type), anyCharacter("#*?"), anyText("#*?")]),
  ),
  inAccount(account, [
    ...literal("role/"),
    anyCharacter("#*?"),
    anyText("#*?"),
    ...literal("#"),
    anyText("#*?"),
  ]),
];

/** Returns the text of an unknown part without the characters that names of callers cannot contain. */
export const unknownName = (text: string): string => text.replace(/[#*?]/g, "_");

export const everyCaller = lazily(() => languageOf(callersIn(accountId)));

/** Patterns of callers by aws:PrincipalType. */
export const callersByType: { [type: string]: Pattern[] } = {
  Account: [inAccount(accountId, literal("root"))],
  User: [inAccount(accountId, [...literal("user/"), anyText()])],
  FederatedUser: [inAccount(accountId, [...literal("federated-user/"), anyText()])],
  AssumedRole: [inAccount(accountId, [...literal("role/"), anyText()])],
};

export const callersOfAccount = (id: string): Language => languageOf(callersIn(literal(id)));

/** Identifiers contain neither wildcards nor policy variables. */
const notInIdentifiers = "*?${}";
const identifier = lazily(() => languageOf([[anyText(notInIdentifiers)]]));
const organizationPath = lazily(() =>
  languageOf(
    // An organization whose ID is unknown is its unknown part.
    ["o-", "⟨"].map((start) => [
      ...literal(start),
      anyText(`/${notInIdentifiers}`),
      ...literal("/"),
      anyText(notInIdentifiers),
    ]),
  ),
);
const anyAccount = lazily(() => languageOf([accountId]));
const anyBoolean = lazily(() => languageOf([literal("true"), literal("false")]));

/** Returns the language of some strings. */
const languageOfTexts = (...texts: string[]): Language => languageOf(texts.map(literal));

export const organizationOfOwner = "o-owner";

const multivalued = new Set([
  ...facts.multivaluedKeys,
  "aws:calledvia",
  "aws:principalservicenameslist",
  "aws:tagkeys",
  "aws:vpceorgpaths",
]);
const carriers: { [key: string]: string[] | undefined } = facts.carriers;

/** Condition keys that every request of these actions carries. */
const required: { [key: string]: string | undefined } = {
  "kms:grantoperations": "CreateGrant",
  "kms:primaryregion": "UpdatePrimaryRegion",
  "kms:replicaregion": "ReplicateKey",
};

/** Returns the actions that carry a condition key, or undefined if every request may. */
export const carriersOf = (key: string): readonly string[] | undefined => {
  // A key policy cannot tell which requests a service sends on behalf of a caller.
  if (callerKeys.has(key) || key === "kms:viaservice") return undefined;
  return own(carriers, key) ?? own(carriers, key.slice(0, key.indexOf(":", key.indexOf(":") + 1) + 1));
};

export const mayCarry = (key: string, action: string): boolean => {
  const actions = carriersOf(key);
  if (actions === undefined || actions.includes(action)) return true;
  // Undocumented actions are assumed to carry the same condition keys as Decrypt.
  return facts.undocumentedActions.includes(action) && actions.includes("Decrypt");
};

/** Returns the contents that the requests of an action may have, by part. */
export const universeOf =
  (kind: CallerKind, action: string, owner: string): Universe =>
  (part): ValueSet => {
    const numeric = / \((?:number|date|address)\)$/.exec(part);
    const key = numeric === null ? part : part.slice(0, numeric.index);
    if (!mayCarry(key, action) || (kind === "principal" && isServiceKey(key)))
      return numeric === null
        ? multivalued.has(key)
          ? { ...anyList, present: false }
          : onlyAbsent
        : { kind: "interval", absent: true, intervals: [] };
    if (numeric !== null) return { kind: "interval", absent: true, intervals: rangesOf(part) };
    if (key === "aws:principalisawsservice") return strings(languageOfTexts(String(kind === "service")));
    if (key === "caller") return strings(kind === "principal" ? everyCaller() : identifier());
    if (key === "organization") return strings(organizationPath(), true);
    if (key === "aws:resourceaccount") return strings(languageOfTexts(owner));
    if (accountKeys.has(key)) return strings(anyAccount(), !callerKeys.has(key));
    // Every signed request carries the ARN of its caller.
    if (key === "aws:principalarn") return strings(identifier());
    if (key === "kms:grantisforawsresource") return strings(anyBoolean(), true);
    if (multivalued.has(key)) return { ...anyList, absent: required[key] !== action };
    if (alwaysPresent.has(key)) return strings(anyValue.values);
    if (required[key] === action) return strings(identifier());
    if (identifierKeys.has(key) || key.startsWith("aws:principaltag/"))
      return strings(identifier(), kind !== "principal" || key !== "aws:userid");
    return anyValue;
  };

/** Only requests that a service makes for itself carry these. */
const isServiceKey = (key: string): boolean => sourceKeys.has(key) || /^aws:principalservicename/.test(key);

const identifierKeys = new Set([
  ...callerKeys,
  ...sourceKeys,
  "aws:sourcevpc",
  "aws:sourcevpce",
  "aws:userid",
  "aws:username",
  "kms:primaryregion",
  "kms:replicaregion",
  "kms:requestalias",
  "kms:viaservice",
]);

/** Condition keys that every request carries. */
const alwaysPresent = new Set([
  "aws:currenttime",
  "aws:epochtime",
  "aws:requestedregion",
  "aws:securetransport",
  "aws:viaawsservice",
]);

const accountKeys = new Set(["kms:calleraccount", "aws:principalaccount", "aws:sourceaccount"]);

export const isMultivalued = (key: string): boolean => multivalued.has(key);

const rangesOf = (part: string) =>
  part.endsWith("(address)")
    ? everyAddress
    : ([[part.endsWith("(number)") ? 0 : Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]] as const);
