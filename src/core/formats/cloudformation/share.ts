import { sharePrincipalAccount } from "../../key-policy/principal.ts";
import type { Reference, SharePrincipal } from "../../model/document.ts";
import { locationOf, type Node } from "../../model/node.ts";
import type { EvaluationContext, UnknownReference } from "./context.ts";
import { type EntityReader, referenceTo, resourceEntity } from "./entity.ts";
import { booleanOf, propertiesOf, stringOf } from "./fields.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ram-resourceshare.html */
export const readShare: EntityReader = (context, resource) => {
  const properties = propertiesOf(context, resource);
  const arns = properties.node("ResourceArns");
  const keys = itemsOf(arns).flatMap((node): Reference[] =>
    mayBeKey(context, node) ? [referenceTo(context, node)] : [],
  );
  if (!arns || keys.length === 0) return {};
  properties.locations.keys = locationOf(arns.at, resource.id);
  const allowExternalPrincipals = properties.read(
    "allowExternalPrincipals",
    "AllowExternalPrincipals",
    booleanOf,
    true,
  );
  const principals = itemsOf(properties.node("Principals")).map(
    (node): SharePrincipal => ({
      text: stringOf(node),
      ...sharePrincipalAccount(node),
      location: locationOf(node.at, resource.id),
    }),
  );
  return {
    shares: [{ ...resourceEntity(context, resource, properties), keys, allowExternalPrincipals, principals }],
  };
};

const itemsOf = (node: Node | undefined): Node[] =>
  node === undefined ? [] : node.type === "list" ? node.items : [node];

/** Returns whether a node is or may be the ARN of a KMS resource. */
function mayBeKey(context: EvaluationContext, node: Node): boolean {
  if (node.type === "unknown") {
    const { type, resource } = node.part as UnknownReference;
    if (resource !== undefined)
      return context.resources.get(resource)?.type.startsWith("AWS::KMS::") === true;
    return type === undefined || type === "key-arn";
  }
  const text =
    node.type === "text" ? node.parts.map((part) => (typeof part === "string" ? part : "⟨⟩")).join("") : "";
  const arn = node.type === "scalar" ? String(node.value) : text;
  return /^(arn:[^:]+|⟨⟩):kms:/.test(arn);
}
