import type { TemplateResource } from "./context.ts";
import { addProblem, type CloudFormationTemplate, isMap, joinPointer, problemAt } from "./template.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_KMS.html */
const propertiesByType: { [type: string]: string[] } = {
  "AWS::KMS::Key": [
    "BypassPolicyLockoutSafetyCheck",
    "Description",
    "EnableKeyRotation",
    "Enabled",
    "KeyPolicy",
    "KeySpec",
    "KeyUsage",
    "MultiRegion",
    "Origin",
    "PendingWindowInDays",
    "RotationPeriodInDays",
    "Tags",
  ],
  "AWS::KMS::ReplicaKey": [
    "Description",
    "Enabled",
    "KeyPolicy",
    "PendingWindowInDays",
    "PrimaryKeyArn",
    "Tags",
  ],
  "AWS::KMS::Alias": ["AliasName", "TargetKeyId"],
};

/**
 * Reports names that differ from a property of a KMS resource only in case, and properties in the wrong place. Otherwise,
 * the property would look like one that is not set. CloudFormation rejects such a name.
 */
export function recordMisspelledNames(
  template: CloudFormationTemplate,
  { id, type, raw, pointer }: TemplateResource,
): void {
  const report = (at: string, message: string, remedy: string) =>
    addProblem(template, problemAt(template, at, message, remedy));
  const { Properties: properties, ...attributes } = raw;
  for (const name of Object.keys(attributes))
    if (/^properties$/i.test(name))
      report(
        joinPointer(pointer, name),
        `The resource ${id} has ${JSON.stringify(name)} instead of "Properties".`,
        "Write Properties.",
      );
  const known = new Map(
    ["Properties", ...(propertiesByType[type] ?? [])].map((name) => [name.toLowerCase(), name]),
  );
  const at = joinPointer(pointer, "Properties");
  for (const name of isMap(properties) ? Object.keys(properties) : []) {
    const expected = known.get(name.toLowerCase());
    if (expected === "Properties")
      report(
        joinPointer(at, name),
        `The Properties of ${id} contain ${JSON.stringify(name)}.`,
        `Move its content to the Properties of ${id}.`,
      );
    else if (expected !== undefined && expected !== name)
      report(
        joinPointer(at, name),
        `The property ${JSON.stringify(name)} of ${id} is not a property of ${type}.`,
        `Write ${expected}.`,
      );
  }
}
