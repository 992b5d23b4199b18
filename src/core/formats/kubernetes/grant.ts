import { principalOf } from "../../key-policy/principal.ts";
import type { Grant, Principal, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { child, locationOf, type Node, textOf } from "../../model/node.ts";
import { stringOf, tagsOf, unknownOf } from "../cloudformation/fields.ts";
import type { Catalogue, Manifest } from "./catalogue.ts";
import { entityOf, Fields, unknown } from "./fields.ts";
import { grantNaming } from "./kinds.ts";
import { at } from "./objects.ts";
import { regionOf } from "./place.ts";
import { keyNamed } from "./references.ts";

export function grantOf(catalogue: Catalogue, manifest: Manifest, options: TargetOptions): Grant {
  const fields = new Fields(manifest);
  const named = keyNamed(catalogue, manifest, grantNaming);
  if (named !== undefined) fields.locate("key", named.node.at);
  const grantee = principalIn(catalogue, manifest, fields, "grantee");
  const retiring = principalIn(catalogue, manifest, fields, "retiring");
  const operations = fields.read("operations", ["operations"], operationsOf, [] as Value<string>[]);
  const constraints = constraintsOf(fields);
  const region = regionOf(catalogue, manifest, fields, options);
  return {
    ...entityOf(manifest, fields),
    key: named?.reference ?? { text: unknown("the key is not given"), keys: [] },
    grantee: grantee ?? missing(manifest),
    retiring,
    operations,
    constraints,
    region,
  };
}

const granted = new WeakMap<Catalogue, Set<string>>();

/** The keys that are granted to roles of the same file. */
export function grantsToOwnRoles(catalogue: Catalogue): Set<string> {
  const known = granted.get(catalogue);
  if (known !== undefined) return known;
  const found = catalogue.manifests
    .filter(({ kind }) => kind === "Grant")
    .filter((grant) => principalIn(catalogue, grant, new Fields(grant), "grantee")?.account === "self")
    .map((grant) => keyNamed(catalogue, grant, grantNaming)?.reference.keys ?? [])
    .filter((keys) => keys.length === 1);
  const keys = new Set(found.flat());
  granted.set(catalogue, keys);
  return keys;
}

const missing = ({ parsed, pointer, resource }: Manifest): Principal => ({
  type: "AWS",
  kind: "invalid",
  text: "",
  invalidReason: "the grant names no grantee",
  location: locationOf({ parsed, pointer }, resource),
});

function principalIn(
  catalogue: Catalogue,
  manifest: Manifest,
  fields: Fields,
  field: "grantee" | "retiring",
): Principal | null {
  const name = `${field}Principal`;
  const reference = fields.node(`${name}Ref`, `${name}Selector`);
  const node =
    fields.node(name, `${field}PrincipalArn`) ?? (reference && roleOf(catalogue, manifest, reference));
  if (node === undefined || (node.type === "scalar" && node.value === "")) return null;
  fields.locate(field, node.at);
  if (node.type === "list" || node.type === "map")
    return { ...missing(manifest), invalidReason: "it is no string" };
  const isService = /\.amazonaws\.com(\.cn)?$/.test(textOf(node) ?? "");
  return principalOf(isService ? "Service" : "AWS", node, manifest.resource);
}

/** Crossplane's references lead to a role: one of the same file is of the same account. */
function roleOf({ others }: Catalogue, { parsed }: Manifest, node: Node): Node {
  if (node.type === "unknown") return node;
  const name = child(node, "name");
  const labels = child(node, "matchLabels");
  const wanted =
    labels?.type === "map" ? labels.entries.map(({ key, value }) => [key, textOf(value)] as const) : [];
  const roles = others.filter(
    ({ raw, path }) =>
      path === parsed.source.path &&
      raw.kind === "Role" &&
      /^iam\.aws\./.test(String(raw.apiVersion)) &&
      (name === undefined
        ? wanted.length > 0 &&
          wanted.every(([key, value]) => String(at(raw, "metadata", "labels", key)) === value)
        : at(raw, "metadata", "name") === textOf(name)),
  );
  const expression =
    name === undefined
      ? `Role with ${wanted.map(([key, value]) => `${key}=${value}`).join(", ")}`
      : `Role/${textOf(name)}`;
  const self = roles.length > 0 ? { self: true } : {};
  const hole = { reason: "known once the role is there", expression, type: "role-arn", ...self } as const;
  return { type: "unknown", hole, at: node.at };
}

const operationsOf = (node: Node): Value<Value<string>[]> =>
  node.type === "list" ? node.items.map(stringOf) : [stringOf(node)];

/** A list of one in Crossplane's provider, for Terraform has it so. */
function constraintsOf(fields: Fields): Grant["constraints"] {
  const node = fields.node("constraints");
  const block = node?.type === "list" ? node.items[0] : node;
  if (block === undefined) return {};
  if (node) fields.locate("constraints", node.at);
  if (block.type === "unknown") return { encryptionContextEquals: unknownOf(block.hole) };
  const context = (name: string): Value<object> | undefined => {
    const pairs = child(block, name);
    if (pairs === undefined) return undefined;
    return pairs.type === "unknown" ? unknownOf(pairs.hole) : pairs.type === "map" ? tagsOf(pairs) : {};
  };
  const equals = context("encryptionContextEquals");
  const subset = context("encryptionContextSubset");
  return {
    ...(equals === undefined ? {} : { encryptionContextEquals: equals }),
    ...(subset === undefined ? {} : { encryptionContextSubset: subset }),
  };
}
