/** Recognizes inputs that certainly open a key to everyone, without any code of Keywarden. */

type Value = unknown;
type Fields = { readonly [name: string]: Value };

const isFields = (value: Value): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const has = (value: Fields, name: string): boolean => Object.hasOwn(value, name);

const listOf = (value: Value): readonly Value[] => (Array.isArray(value) ? value : [value]);

/** Returns whether a policy allows everyone to decrypt, and denies nothing. */
export function isOpenPolicy(policy: Value): boolean {
  if (!isFields(policy) || !hasOnly(policy, ["Version", "Id", "Statement"])) return false;
  if (has(policy, "Version") && policy["Version"] !== "2012-10-17") return false;
  const statements = listOf(policy["Statement"]);
  return statements.every(isAllow) && statements.some(isOpenStatement);
}

const isAllow = (statement: Value): boolean => isFields(statement) && statement["Effect"] === "Allow";

function isOpenStatement(statement: Value): boolean {
  if (!isFields(statement) || !hasOnly(statement, ["Sid", "Effect", "Principal", "Action", "Resource"]))
    return false;
  const { Principal: principal, Action: action, Resource: resource } = statement;
  const named = isFields(principal) && hasOnly(principal, ["AWS"]) ? principal["AWS"] : principal;
  return (
    listOf(named).includes("*") &&
    listOf(action).some((each) => /^kms:(?:\*|decrypt|d\*|\?ecrypt)$/i.test(String(each))) &&
    listOf(resource).includes("*")
  );
}

const hasOnly = (value: Fields, names: readonly string[]): boolean =>
  Object.keys(value).every((name) => names.includes(name));

/** Returns whether an input that is parsed as JSON has a key that everyone can use, in a place that certainly creates it. */
export function hasCertainHole(value: Value): boolean {
  if (!isFields(value)) return false;
  if (isOpenPolicy(value)) return true;
  return isOpenTemplate(value) || isOpenChangeSet(value) || isOpenObject(value) || isOpenPlan(value);
}

const isOpenChangeSet = ({
  ChangeSetId: id,
  StackId: stack,
  Status: status,
  Changes: changes,
}: Fields): boolean =>
  typeof id === "string" &&
  typeof stack === "string" &&
  status === "CREATE_COMPLETE" &&
  Array.isArray(changes) &&
  changes.some((change) => {
    if (!isFields(change) || change["Type"] !== "Resource" || !isFields(change["ResourceChange"]))
      return false;
    const { Action: action, ResourceType: type, AfterContext: context } = change["ResourceChange"];
    const after = jsonIn(context);
    return (
      action === "Add" &&
      type === "AWS::KMS::Key" &&
      isFields(after) &&
      isFields(after["Properties"]) &&
      isOpenPolicy(after["Properties"]["KeyPolicy"])
    );
  });

function isOpenTemplate(template: Fields): boolean {
  if (
    !hasOnly(template, [
      "AWSTemplateFormatVersion",
      "Description",
      "Parameters",
      "Mappings",
      "Conditions",
      "Resources",
    ])
  )
    return false;
  const { Resources: resources } = template;
  return (
    isFields(resources) &&
    Object.values(resources).some(
      (resource) =>
        isFields(resource) &&
        resource["Type"] === "AWS::KMS::Key" &&
        hasOnly(resource, ["Type", "Properties", "DeletionPolicy", "UpdateReplacePolicy"]) &&
        isFields(resource["Properties"]) &&
        isOpenPolicy(resource["Properties"]["KeyPolicy"]),
    )
  );
}

const isOpenObject = ({ apiVersion, kind, metadata, spec }: Fields): boolean =>
  apiVersion === "kms.services.k8s.aws/v1alpha1" &&
  kind === "Key" &&
  isFields(metadata) &&
  hasOnly(metadata, ["name", "namespace"]) &&
  isFields(spec) &&
  isOpenText(spec["policy"]);

/** The version of a plan's format that Keywarden reads starts with 1. */
const isOpenPlan = ({ format_version: version, resource_changes: changes }: Fields): boolean =>
  (version === "1.2" || version === "1.0") &&
  Array.isArray(changes) &&
  changes.some(
    (change) =>
      isFields(change) &&
      change["type"] === "aws_kms_key" &&
      change["mode"] === "managed" &&
      isFields(change["change"]) &&
      JSON.stringify(change["change"]["actions"]) === '["create"]' &&
      isFields(change["change"]["after"]) &&
      isOpenText(change["change"]["after"]["policy"]),
  );

const isOpenText = (text: Value): boolean => isOpenPolicy(jsonIn(text));

function jsonIn(text: Value): Value {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
