import type { Account, Principal, PrincipalKind, Value } from "../model/document.ts";
import { locationOf, type Node, type UnknownPart } from "../model/node.ts";
import {
  decodeString,
  type EncodedString,
  encodeString,
  hasUnknownPart,
  toUnknown,
  unknownPartAt,
} from "./pattern.ts";

type PrincipalShape = Pick<Principal, "kind"> &
  Partial<Pick<Principal, "account" | "partition" | "invalidReason">>;

/**
 * Returns the principal for one value of a Principal element. `type` is the key of the value (`AWS`, `Service`, …), or
 * `*` if the element is the string "*". `node` is a scalar, text, or unknown node.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalOf(type: string, node: Node, address: string): Principal {
  const text = encodeString(node) ?? { encoded: "", unknownParts: [] };
  return {
    type,
    ...shapeOf(type, text, node),
    text: decodeString(text),
    ...(text.unknownParts.length > 0 ? { partlyUnknown: true } : {}),
    location: locationOf(node.at, address),
  };
}

function shapeOf(type: string, text: EncodedString, node: Node): PrincipalShape {
  switch (type) {
    case "*":
    case "AWS":
      return node.type === "unknown" ? unknownShape(node.part) : stringShape(text);
    case "Service":
      return serviceShape(text.encoded);
    case "Federated":
      return { kind: "federated" };
    default:
      return {
        kind: "invalid",
        invalidReason: `${type} is not a principal type; the valid types are AWS, Service, and Federated`,
      };
  }
}

/** Returns the account of a resource share principal. An organization, a service, and an unknown value have none. */
export function sharePrincipalAccount(node: Node): { account?: Account } {
  const { kind, account } = principalOf("AWS", node, "");
  return kind === "invalid" || account === undefined ? {} : { account };
}

/** A service principal is a domain name: `logs.eu-west-1.amazonaws.com`. */
function serviceShape(code: string): PrincipalShape {
  if (/[*?]/.test(code))
    return { kind: "invalid", invalidReason: "a service principal cannot contain a wildcard" };
  if (hasUnknownPart(code) || /^[\w-]+(\.[\w-]+)+$/.test(code)) return { kind: "service" };
  return {
    kind: "invalid",
    invalidReason: "a service principal must be a domain name such as logs.amazonaws.com",
  };
}

/** Returns the shape of an entirely unknown principal, derived from the type of its reference. */
function unknownShape(part: UnknownPart): PrincipalShape {
  const account = accountOfPart(part);
  switch (part.type) {
    case "account-id":
      return { kind: "root", account };
    case "role-arn":
      return { kind: "role", account };
    case "user-arn":
      return { kind: "user", account };
    case "assumed-role-arn":
      return { kind: "assumed-role", account };
    case "name":
    case "key-id":
    case "region":
    case "partition":
    case "dns-suffix":
    case "alias-name":
      return { kind: "invalid", invalidReason: "it is a name; an ARN or an account ID is required" };
    case "key-arn":
      return { kind: "invalid", invalidReason: "it is the ARN of a key, which cannot be a principal" };
    case "arn":
    case "alias-arn":
      return { kind: "invalid", invalidReason: "it is the ARN of a resource that cannot be a principal" };
    default:
      return part.self === true || part.type !== undefined ? { kind: "iam", account } : { kind: "unknown" };
  }
}

function stringShape(text: EncodedString): PrincipalShape {
  const { encoded: code } = text;
  if (code === "*") return { kind: "everyone" };
  // An account ID: also one with spaces or hyphens, which people write for readability.
  if (/^\s*\d[\d\s-]*$/.test(code))
    return {
      kind: "root",
      account: code,
      ...(/^\d{12}$/.test(code) ? {} : { invalidReason: invalidAccountReason(code) }),
    };
  if (/^A(RO|ID)A[A-Z0-9]{12,}$/.test(code)) return { kind: "unique-id" };
  if (code.startsWith("arn:")) return arnShape(text);
  if (couldBecomePrincipal(text)) return fragmentShape(text);
  return invalidShape(text, /^arn[\uE000-\uF8FF]/.test(code) ? colonMissing : notAnArn);
}

const notAnArn = 'it is not an ARN, an account ID, or "*"';

/** Types of references that are neither an ARN nor the start of one. */
const wordTypes = new Set(["account-id", "partition", "region", "dns-suffix", "name", "key-id"]);

/** Returns whether some value of the unknown parts makes the string an ARN, an account ID, or a unique ID. */
function couldBecomePrincipal(text: EncodedString): boolean {
  if (!hasUnknownPart(text.encoded)) return false;
  const literal = /^[^\uE000-\uF8FF]*/.exec(text.encoded)?.[0] as string;
  if (literal !== "") return /^(ar?|\d+|A(RO|ID)A[A-Z0-9]*)$/.test(literal);
  return !wordTypes.has(unknownPartAt(text, text.encoded[0] as string)?.type ?? "");
}

/** Returns the shape of an invalid principal. One that ends like the ARN of a root is meant to be the root. */
function invalidShape(
  text: EncodedString,
  invalidReason: string,
  base: Partial<Principal> = {},
): PrincipalShape {
  return {
    kind: /^[^/]*[:\d\uE000-\uF8FF]root\s*$/.test(text.encoded) ? "root" : "invalid",
    ...base,
    invalidReason,
  };
}

function arnShape(text: EncodedString): PrincipalShape {
  const [, partition = "", service = "", , account = "", ...rest] = text.encoded.split(":");
  const resource = rest.join(":");
  if (account === "*" && resource === "root") return { kind: "everyone" };
  const base = { account: accountOf(text, account), partition: segmentValue(text, partition) };
  const invalidReason = arnProblem(text);
  if (invalidReason !== undefined)
    return rest.length === 0 ? invalidShape(text, invalidReason) : invalidShape(text, invalidReason, base);
  // The unknown part includes the rest of the ARN: `arn:aws:iam::⟨tail⟩`.
  if (rest.length === 0) return { kind: "iam", account: unknownSegment(text, text.encoded) };
  return { kind: principalKind(service, resource), ...base };
}

/** Returns why no value of the unknown parts makes an ARN that of a principal, or undefined if some value does. */
function arnProblem(text: EncodedString): string | undefined {
  const [, partition = "", service = "", region = "", account = "", ...rest] = text.encoded.split(":");
  const resource = rest.join(":");
  if (/[*?]/.test(text.encoded)) return "a principal ARN cannot contain a wildcard";
  if (/\s/.test(text.encoded)) return "an ARN cannot contain white space";
  if (!hasUnknownPart(partition) && !/^aws(-[a-z]+)*$/.test(partition))
    return partition === ""
      ? "the partition is missing"
      : `${partition} is not an AWS partition such as aws or aws-cn`;
  if (lacksColon(text)) return colonMissing;
  if ((service === "iam" || service === "sts") && region !== "" && !hasUnknownPart(region))
    return `an ${service} ARN has no Region; remove ${region}`;
  if (rest.length === 0) return undefined;
  if (principalKind(service, resource) === "invalid") return invalidResourceReason(service, resource);
  if (!hasUnknownPart(account) && !/^\d{12}$/.test(account)) return invalidAccountReason(account);
  return undefined;
}

const colonMissing = "a colon is missing; the format is arn:PARTITION:iam::ACCOUNT:RESOURCE";

/** The start of a resource that follows the account in an ARN. */
const resourceStart = "(root$|(user|role|group|assumed-role|federated-user)/)";

/**
 * Returns whether a string has fewer colons than the ARN of a principal. An unknown part is a value of its place, such
 * as an account ID, but one at the end may contain the rest of the ARN.
 */
function lacksColon(text: EncodedString): boolean {
  const { encoded } = text;
  if (new RegExp(`(^|:)(iam|sts):?[^:]*:${resourceStart}`).test(encoded)) return true;
  const segments = encoded.split(":");
  if (segments.length >= 6 || !encoded.startsWith("arn:")) return false;
  const [, typed = "", tail] = /^(.*?)([\uE000-\uF8FF].*)?$/.exec(segments.at(-1) as string) ?? [];
  return tail === undefined || new RegExp(`^${resourceStart}`).test(typed) || !mayContainColon(text, tail);
}

/** Returns whether an unknown part of a string may contain a colon that the string otherwise lacks. */
const mayContainColon = (text: EncodedString, piece: string): boolean =>
  [...piece].some(
    (char, i) =>
      hasUnknownPart(char) &&
      !wordTypes.has(unknownPartAt(text, char)?.type ?? "") &&
      !new RegExp(`^${resourceStart}`).test(piece.slice(i + 1)),
  );

const kindsByResourceType: { [prefix: string]: PrincipalKind } = {
  "iam:user": "user",
  "iam:role": "role",
  "sts:assumed-role": "assumed-role",
  "sts:federated-user": "federated-user",
};

function principalKind(service: string, resource: string): PrincipalKind {
  if (hasUnknownPart(service)) return "iam";
  if (service === "iam" && resource === "root") return "root";
  const [type = "", ...path] = resource.split("/");
  if (hasUnknownPart(type)) return service === "iam" || service === "sts" ? "iam" : "invalid";
  const kind = kindsByResourceType[`${service}:${type}`] ?? "invalid";
  if (path.length === 0 || path.at(-1) === "") return "invalid";
  return kind === "assumed-role" && !isSession(path) ? "invalid" : kind;
}

/** An unknown part may contain both the role and the session, but a session has no path. */
const isSession = (path: string[]): boolean =>
  path.length === 2 ? path[0] !== "" : path.length === 1 && hasUnknownPart(path[0] as string);

function invalidResourceReason(service: string, resource: string): string {
  if (service === "") return "the ARN has no service";
  if (service !== "iam" && service !== "sts") return `an ARN of the service ${service} is not a principal`;
  if (resource.startsWith("group/")) return "an IAM group cannot be a principal; specify its users or a role";
  if (service === "sts" && resource.startsWith("assumed-role/"))
    return "the format of a role session is assumed-role/ROLE/SESSION";
  return "only root, user/, role/, assumed-role/, and federated-user/ resources are principals";
}

const invalidAccountReason = (id: string): string =>
  id === "" ? "the account ID is missing" : `${id} is not a 12-digit account ID`;

/** Returns the shape of a string that starts with an unknown part, which is the start of an ARN or an account ID. */
function fragmentShape(text: EncodedString): PrincipalShape {
  if (lacksColon(text)) return invalidShape(text, colonMissing);
  const tail = /:(root|user|role|assumed-role|federated-user)(\/|$)/.exec(text.encoded);
  const part = [...text.encoded]
    .map((char) => unknownPartAt(text, char))
    .find((found) => found !== undefined);
  const account = part && isOfKnownAccount(part) ? accountOfPart(part) : unknownSegment(text, text.encoded);
  return { kind: (tail?.[1] as PrincipalKind | undefined) ?? "iam", account };
}

/** Returns the account in an account segment, which is a literal, an unknown part, or a mixture. */
export function accountOf(text: EncodedString, segment: string): Account {
  if (!hasUnknownPart(segment)) return segment;
  const part = segment.length === 1 ? unknownPartAt(text, segment) : undefined;
  return part && isOfKnownAccount(part) ? accountOfPart(part) : unknownSegment(text, segment);
}

/** Returns the account that an unknown value is, or belongs to. */
export const accountOfPart = (part: UnknownPart): Account =>
  part.self === true ? "self" : (part.account ?? toUnknown(part));

const isOfKnownAccount = ({ self, account }: UnknownPart): boolean => self === true || account !== undefined;

function unknownSegment(text: EncodedString, segment: string): Value<never> {
  const parts = [...segment].map((char) => unknownPartAt(text, char)).filter((part) => part !== undefined);
  const reason = parts[0]?.reason ?? "its value is not in the input";
  // The expression of a mixture of literals and unknown parts is the entire segment.
  return toUnknown({
    reason,
    expression: segment.length === 1 ? (parts[0]?.expression ?? "") : decodeString(text, segment),
  });
}

const segmentValue = (text: EncodedString, segment: string): Value<string> =>
  hasUnknownPart(segment) ? unknownSegment(text, segment) : segment;
