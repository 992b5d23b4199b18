import type { Account, Principal, PrincipalKind, Value } from "../model/document.ts";
import { type Hole, locationOf, type Node } from "../model/node.ts";
import { type Coded, coded, decode, hasHole, holeAt, unknown } from "./pattern.ts";

type Shape = Pick<Principal, "kind"> & Partial<Pick<Principal, "account" | "partition" | "invalidReason">>;

/**
 * A principal from one value of a Principal element. `type` is the key that it stands under (`AWS`, `Service`, …;
 * `*` for the bare star). `node` is a scalar, text or unknown node.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalOf(type: string, node: Node, address: string): Principal {
  const text = coded(node) ?? { code: "", holes: [] };
  return {
    type,
    ...shapeOf(type, text, node),
    text: decode(text),
    ...(text.holes.length > 0 ? { partlyUnknown: true } : {}),
    location: locationOf(node.at, address),
  };
}

function shapeOf(type: string, text: Coded, node: Node): Shape {
  switch (type) {
    case "*":
    case "AWS":
      return node.type === "unknown" ? ofHole(node.hole) : ofText(text);
    case "Service":
      return ofService(text.code);
    case "Federated":
      return { kind: "federated" };
    default:
      return {
        kind: "invalid",
        invalidReason: `${type} is not a type of principal: AWS, Service and Federated are`,
      };
  }
}

/** The account of whom a resource share is for; an organisation, a service and what is wholly unknown have none. */
export function sharedWith(node: Node): { account?: Account } {
  const { kind, account } = principalOf("AWS", node, "");
  return kind === "invalid" || account === undefined ? {} : { account };
}

/** A service's name is a domain: `logs.eu-west-1.amazonaws.com`. */
function ofService(code: string): Shape {
  if (/[*?]/.test(code))
    return { kind: "invalid", invalidReason: "a service principal cannot hold a wildcard" };
  if (hasHole(code) || /^[\w-]+(\.[\w-]+)+$/.test(code)) return { kind: "service" };
  return { kind: "invalid", invalidReason: "a service is named as in logs.amazonaws.com" };
}

/** A principal of which nothing is written out: what its reference is known to be. */
function ofHole(hole: Hole): Shape {
  const account: Account = hole.self === true ? "self" : unknown(hole);
  switch (hole.type) {
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
      return { kind: "invalid", invalidReason: "it is a name, where an ARN or an account id has to stand" };
    default:
      return hole.self === true || hole.type !== undefined ? { kind: "iam", account } : { kind: "unknown" };
  }
}

function ofText(text: Coded): Shape {
  const { code } = text;
  if (code === "*") return { kind: "everyone" };
  if (/^\d+$/.test(code))
    return { kind: "root", account: code, ...(code.length === 12 ? {} : { invalidReason: wrongId(code) }) };
  if (/^A(RO|ID)A[A-Z0-9]{12,}$/.test(code)) return { kind: "unique-id" };
  if (code.startsWith("arn:")) return ofArn(text);
  if (hasHole(code)) return ofFragment(text);
  return { kind: "invalid", invalidReason: 'it is neither an ARN, an account id nor "*"' };
}

function ofArn(text: Coded): Shape {
  const [, partition = "", service = "", region = "", account = "", ...rest] = text.code.split(":");
  const resource = rest.join(":");
  if (account === "*" && resource === "root") return { kind: "everyone" };
  const base = { account: accountOf(text, account), partition: pieceOf(text, partition) };
  if (/[*?]/.test(text.code))
    return {
      kind: "invalid",
      ...base,
      invalidReason: "a wildcard cannot stand inside the ARN of a principal",
    };
  if (/\s/.test(text.code))
    return { kind: "invalid", ...base, invalidReason: "white space cannot stand in an ARN" };
  if (!hasHole(partition) && !/^aws(-[a-z]+)*$/.test(partition))
    return {
      kind: "invalid",
      ...base,
      invalidReason: `${partition || "nothing"} is not a partition: aws and aws-cn are`,
    };
  if ((service === "iam" || service === "sts") && region !== "" && !hasHole(region))
    return {
      kind: "invalid",
      ...base,
      invalidReason: `an ARN of ${service} has no Region: take ${region} out`,
    };
  // The hole takes in the rest of the ARN: `arn:aws:iam::⟨tail⟩`.
  if (rest.length === 0 && hasHole(text.code)) return { kind: "iam", account: unknownIn(text, text.code) };
  const kind = kindOf(service, resource);
  if (kind === "invalid") return { kind, ...base, invalidReason: wrongResource(service, resource) };
  if (!hasHole(account) && !/^\d{12}$/.test(account))
    return { kind: kind === "root" ? kind : "invalid", ...base, invalidReason: wrongId(account) };
  return { kind, ...base };
}

const kinds: { [prefix: string]: PrincipalKind } = {
  "iam:user": "user",
  "iam:role": "role",
  "sts:assumed-role": "assumed-role",
  "sts:federated-user": "federated-user",
};

function kindOf(service: string, resource: string): PrincipalKind {
  if (hasHole(service)) return "iam";
  if (service === "iam" && resource === "root") return "root";
  const [type = "", ...name] = resource.split("/");
  if (hasHole(type)) return service === "iam" || service === "sts" ? "iam" : "invalid";
  return name.join("/") === "" ? "invalid" : (kinds[`${service}:${type}`] ?? "invalid");
}

function wrongResource(service: string, resource: string): string {
  if (service !== "iam" && service !== "sts")
    return `an ARN of ${service || "no service"} is not a principal`;
  if (resource.startsWith("group/")) return "a group is never a principal: name its users, or a role";
  return "only root, user/, role/, assumed-role/ and federated-user/ are principals";
}

const wrongId = (id: string): string =>
  id === "" ? "the account id is missing" : `${id} is not an account id: it has ${id.length} of 12 digits`;

/** A text that begins with a hole: the hole is some plain beginning of an ARN, or of an account id. */
function ofFragment(text: Coded): Shape {
  const tail = /:(root|user|role|assumed-role|federated-user)(\/|$)/.exec(text.code);
  const hole = holeAt(text, text.code[0] as string);
  const account = hole?.self === true ? "self" : unknownIn(text, text.code);
  return { kind: (tail?.[1] as PrincipalKind | undefined) ?? "iam", account };
}

/** An account segment: literal, a hole of its own, or a mixture. */
export function accountOf(text: Coded, segment: string): Account {
  if (!hasHole(segment)) return segment;
  const hole = segment.length === 1 ? holeAt(text, segment) : undefined;
  if (hole?.self === true) return "self";
  return unknownIn(text, segment);
}

function unknownIn(text: Coded, segment: string): Value<never> {
  const holes = [...segment].map((char) => holeAt(text, char)).filter((hole) => hole !== undefined);
  const reason = holes[0]?.reason ?? "not known";
  // A mixture of text and holes is one value of its own: its expression is the whole of it.
  return unknown({
    reason,
    expression: segment.length === 1 ? (holes[0]?.expression ?? "") : decode(text, segment),
  });
}

const pieceOf = (text: Coded, segment: string): Value<string> =>
  hasHole(segment) ? unknownIn(text, segment) : segment;
