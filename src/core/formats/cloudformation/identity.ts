import { concernsKms, identityPolicyOf } from "../../key-policy/identity.ts";
import type { IdentityPolicy } from "../../model/document.ts";
import { child, locationOf, type Node, type UnknownNode } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { isOnlyBoundary } from "./boundary.ts";
import { type EvaluationContext, evaluateValue, type TemplateResource } from "./context.ts";
import { type EntityReader, resourceEntity } from "./entity.ts";
import { propertiesOf, stringOf } from "./fields.ts";
import { recordStatement } from "./statements.ts";
import { isMap, joinPointer } from "./template.ts";

/** Returns a reader for a resource with one identity policy, which is in a property. */
export const readPolicy =
  (property: string): EntityReader =>
  (context, resource) => {
    const policy = identityPolicy(context, resource, propertiesOf(context, resource).node(property));
    return policy ? { identityPolicies: [policy] } : {};
  };

/**
 * Returns readers for the inline policies of a role, user, group, or SAM function. Each policy has its own reader, so
 * that its variants don't multiply with those of the others.
 */
export function inlinePolicyReaders({ raw }: TemplateResource): EntityReader[] {
  const { Properties } = raw;
  const list = isMap(Properties) ? Properties.Policies : undefined;
  if (Array.isArray(list))
    return list.map((item, i) => (context, resource) => {
      const at = joinPointer(joinPointer(resource.pointer, "Properties"), "Policies");
      return inlinePolicies(
        context,
        resource,
        [evaluateValue(context, expandSamTemplate(item), joinPointer(at, i))],
        i,
      );
    });
  return [
    (context, resource) => {
      const node = propertiesOf(context, resource).node("Policies");
      return inlinePolicies(context, resource, node?.type === "list" ? node.items : [node], 0);
    },
  ];
}

/**
 * Expands the SAM policy template KMSDecryptPolicy. The other SAM policy templates don't concern KMS keys.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-policy-templates.html
 */
function expandSamTemplate(item: Json): Json {
  const KeyId = isMap(item) && isMap(item.KMSDecryptPolicy) ? item.KMSDecryptPolicy.KeyId : undefined;
  if (KeyId === undefined) return item;
  const arn = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${KeyId}";
  return {
    Statement: [{ Effect: "Allow", Action: "kms:Decrypt", Resource: { "Fn::Sub": [arn, { KeyId }] } }],
  };
}

function inlinePolicies(
  context: EvaluationContext,
  resource: TemplateResource,
  items: (Node | undefined)[],
  first: number,
): { identityPolicies: IdentityPolicy[] } {
  return {
    identityPolicies: items.flatMap((item, i): IdentityPolicy[] => {
      const document = item && (child(item, "PolicyDocument") ?? (child(item, "Statement") && item));
      const policy = identityPolicy(context, resource, document);
      if (!item || !policy) return [];
      const nameNode = child(item, "PolicyName");
      const name = nameNode && stringOf(nameNode);
      const location = locationOf(item.at, resource.id);
      const optionalName = typeof name === "string" ? { name } : {};
      return [{ ...policy, id: `${policy.id}.Policies[${first + i}]`, location, ...optionalName }];
    }),
  };
}

/** Returns undefined if the policy does not concern KMS, or is entirely unknown. */
function identityPolicy(
  context: EvaluationContext,
  resource: TemplateResource,
  node: Node | undefined,
): IdentityPolicy | undefined {
  if (!node || node.type === "unknown") return undefined;
  const unknownStatements: UnknownNode[] = [];
  const policy = identityPolicyOf(node, {
    address: resource.id,
    onUnknownStatement: (statement) => unknownStatements.push(statement),
  });
  if (policy.state === "unresolved" || !concernsKms(policy)) return undefined;
  for (const statement of unknownStatements) recordStatement(context, resource, statement);
  const locations = { statements: locationOf(node.at, resource.id) };
  return {
    ...resourceEntity(context, resource, { locations, defaults: [] }),
    ...policy,
    ...(isOnlyBoundary(context, resource) ? { onlyBoundary: true as const } : {}),
  };
}
