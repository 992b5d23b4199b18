import { toUnknown } from "../../key-policy/pattern.ts";
import { principalOf } from "../../key-policy/principal.ts";
import type { Grant, Principal, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { child, locationOf, type Node, textOf } from "../../model/node.ts";
import { parseTags, stringOf } from "../cloudformation/fields.ts";
import type { Catalog, Manifest } from "./catalog.ts";
import { manifestRegion } from "./deployment-target.ts";
import { ManifestFields, manifestEntity, unknownValue } from "./fields.ts";
import { grantKeyFields } from "./kinds.ts";
import { valueAtPath } from "./objects.ts";
import { referencedKey } from "./references.ts";

/** Returns the grant that a Grant object defines. */
export function grantFromManifest(catalog: Catalog, manifest: Manifest, options: TargetOptions): Grant {
  const fields = new ManifestFields(manifest);
  const referenced = referencedKey(catalog, manifest, grantKeyFields);
  if (referenced !== undefined) fields.locate("key", referenced.node.at);
  const grantee = principalIn(catalog, manifest, fields, "grantee");
  const retiring = principalIn(catalog, manifest, fields, "retiring");
  const operations = fields.read("operations", ["operations"], operationsOf, [] as Value<string>[]);
  const constraints = constraintsOf(fields);
  const region = manifestRegion(catalog, manifest, fields, options);
  return {
    ...manifestEntity(manifest, fields),
    key: referenced?.reference ?? { text: unknownValue("the key is not set"), keys: [] },
    grantee: grantee ?? missingPrincipal(manifest),
    retiring,
    operations,
    constraints,
    region,
  };
}

const grantedKeys = new WeakMap<Catalog, Set<string>>();

/** Returns the IDs of keys that are granted to roles in the same file. */
export function keysGrantedToOwnRoles(catalog: Catalog): Set<string> {
  const known = grantedKeys.get(catalog);
  if (known !== undefined) return known;
  const found = catalog.manifests
    .filter(({ kind }) => kind === "Grant")
    .filter((grant) => principalIn(catalog, grant, new ManifestFields(grant), "grantee")?.account === "self")
    .map((grant) => referencedKey(catalog, grant, grantKeyFields)?.reference.keys ?? [])
    .filter((keys) => keys.length === 1);
  const keys = new Set(found.flat());
  grantedKeys.set(catalog, keys);
  return keys;
}

const missingPrincipal = ({ parsed, pointer, resource }: Manifest): Principal => ({
  type: "AWS",
  kind: "invalid",
  text: "",
  invalidReason: "the grant has no grantee principal",
  location: locationOf({ parsed, pointer }, resource),
});

function principalIn(
  catalog: Catalog,
  manifest: Manifest,
  fields: ManifestFields,
  field: "grantee" | "retiring",
): Principal | null {
  const name = `${field}Principal`;
  const reference = fields.node(`${name}Ref`, `${name}Selector`);
  const node =
    fields.node(name, `${field}PrincipalArn`) ?? (reference && roleOf(catalog, manifest, reference));
  if (node === undefined || (node.type === "scalar" && node.value === "")) return null;
  fields.locate(field, node.at);
  if (node.type === "list" || node.type === "map")
    return { ...missingPrincipal(manifest), invalidReason: "it is not a string" };
  const isService = /\.amazonaws\.com(\.cn)?$/.test(textOf(node) ?? "");
  return principalOf(isService ? "Service" : "AWS", node, manifest.resource);
}

/** Resolves a Crossplane reference to a role. A role in the same file is in the same account. */
function roleOf({ otherObjects }: Catalog, { parsed }: Manifest, node: Node): Node {
  if (node.type === "unknown") return node;
  const name = child(node, "name");
  const labels = child(node, "matchLabels");
  const labelValues =
    labels?.type === "map" ? labels.entries.map(({ key, value }) => [key, textOf(value)] as const) : [];
  const roles = otherObjects.filter(
    ({ raw, path }) =>
      path === parsed.source.path &&
      raw.kind === "Role" &&
      /^iam\.aws\./.test(String(raw.apiVersion)) &&
      (name === undefined
        ? labelValues.length > 0 &&
          labelValues.every(([key, value]) => String(valueAtPath(raw, "metadata", "labels", key)) === value)
        : valueAtPath(raw, "metadata", "name") === textOf(name)),
  );
  const expression =
    name === undefined
      ? `Role with ${labelValues.map(([key, value]) => `${key}=${value}`).join(", ")}`
      : `Role/${textOf(name)}`;
  const self = roles.length > 0 ? { self: true } : {};
  const part = {
    reason: "known only after the role is created",
    expression,
    type: "role-arn",
    ...self,
  } as const;
  return { type: "unknown", part, at: node.at };
}

const operationsOf = (node: Node): Value<Value<string>[]> =>
  node.type === "list" ? node.items.map(stringOf) : [stringOf(node)];

/** Reads the constraints. In the Crossplane provider generated from Terraform, they are a list with one item. */
function constraintsOf(fields: ManifestFields): Grant["constraints"] {
  const node = fields.node("constraints");
  const block = node?.type === "list" ? node.items[0] : node;
  if (block === undefined) return {};
  if (node) fields.locate("constraints", node.at);
  if (block.type === "unknown") return { encryptionContextEquals: toUnknown(block.part) };
  const context = (name: string): Value<object> | undefined => {
    const pairs = child(block, name);
    if (pairs === undefined) return undefined;
    return pairs.type === "unknown" ? toUnknown(pairs.part) : pairs.type === "map" ? parseTags(pairs) : {};
  };
  const equals = context("encryptionContextEquals");
  const subset = context("encryptionContextSubset");
  return {
    ...(equals === undefined ? {} : { encryptionContextEquals: equals }),
    ...(subset === undefined ? {} : { encryptionContextSubset: subset }),
  };
}
