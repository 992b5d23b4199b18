import { entityOf, type Reader, referenceOf } from "./entity.ts";
import { propertiesOf, textValue, unknownOf } from "./fields.ts";
import { surroundings } from "./pseudo.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html */
export const readAlias: Reader = (run, resource) => {
  const properties = propertiesOf(run, resource);
  const notGiven = (property: string) => unknownOf({ reason: `${property} is not given`, expression: "" });
  const name = properties.read("name", "AliasName", textValue, notGiven("AliasName"));
  const target = referenceOf(run, resource, properties, "target", "TargetKeyId");
  // CloudFormation demands both: neither has a default.
  properties.defaults.length = 0;
  return {
    aliases: [
      {
        ...entityOf(run, resource, properties),
        name,
        prefix: false,
        target: target ?? { text: notGiven("TargetKeyId"), keys: [] },
        region: surroundings(run).region,
      },
    ],
  };
};
