import { toUnknown } from "../../key-policy/pattern.ts";
import { type EntityReader, propertyReference, resourceEntity } from "./entity.ts";
import { propertiesOf, stringOrPartial } from "./fields.ts";
import { deploymentTarget } from "./pseudo.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html */
export const readAlias: EntityReader = (context, resource) => {
  const properties = propertiesOf(context, resource);
  const notSet = (property: string) => toUnknown({ reason: `${property} is not set`, expression: "" });
  const name = properties.read("name", "AliasName", stringOrPartial, notSet("AliasName"));
  const target = propertyReference(context, resource, properties, "target", "TargetKeyId");
  // CloudFormation requires both properties; neither has a default.
  properties.defaults.length = 0;
  return {
    aliases: [
      {
        ...resourceEntity(context, resource, properties),
        name,
        prefix: false,
        target: target ?? { text: notSet("TargetKeyId"), keys: [] },
        region: deploymentTarget(context).region,
      },
    ],
  };
};
