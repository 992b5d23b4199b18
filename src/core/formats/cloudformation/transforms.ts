import type { Json, UnseenPart } from "../../model/source.ts";
import { describeExpression } from "./context.ts";
import { addUnseen, type CloudFormationTemplate, isMap, joinPointer, unseenAt } from "./template.ts";

/**
 * Transforms of AWS whose effect on KMS resources Keywarden knows.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-reference.html
 */
const knownTransforms =
  /^AWS::(CodeDeployBlueGreen|CodeStar|LanguageExtensions|SecretsManager(-.*)?|Serverless(-.*)?|ServiceCatalog)$/;

/** Sections to which a transform can add resources, or values that resources depend on. */
const sections = ["Parameters", "Mappings", "Conditions", "Resources"];

/**
 * Records the macros and includes that process the whole template, a section or a resource. A transform that returns a
 * property is an unknown value, and the rules that need it say so. `isRead`: whether Keywarden reads a resource type.
 */
export function recordTransforms(template: CloudFormationTemplate, isRead: (type: string) => boolean): void {
  const { value } = template.parsed;
  const root = isMap(value) ? value : {};
  [root.Transform ?? []].flat().forEach((call) => {
    recordTransform(template, call, "/Transform", "every resource of the template");
  });
  const recordIn = (map: Json | undefined, pointer: string, scope: string, resource?: string) => {
    const call = isMap(map) ? map["Fn::Transform"] : undefined;
    if (call !== undefined)
      recordTransform(template, call, joinPointer(pointer, "Fn::Transform"), scope, resource);
  };
  recordIn(root, "", "every resource of the template");
  for (const section of sections) recordIn(root[section], `/${section}`, `the section ${section}`);
  for (const [id, raw] of Object.entries(template.resources)) {
    const isOther = isMap(raw) && typeof raw.Type === "string" && !isRead(raw.Type);
    if (id !== "Fn::Transform" && !isOther) recordIn(raw, joinPointer("/Resources", id), id, id);
  }
}

/** Records a transform unless it is known. `scope`: the part of the template that it can change. */
export function recordTransform(
  template: CloudFormationTemplate,
  call: Json,
  pointer: string,
  scope: string,
  resource?: string,
): void {
  const part = transformPart(template, call, pointer, scope);
  if (part !== undefined) addUnseen(template, resource === undefined ? part : { ...part, resource });
}

function transformPart(
  template: CloudFormationTemplate,
  call: Json,
  pointer: string,
  scope: string,
): UnseenPart | undefined {
  const name = describeExpression((isMap(call) ? call.Name : call) ?? "");
  if (knownTransforms.test(name)) return undefined;
  if (name !== "AWS::Include")
    return unseenAt(template, "macro", pointer, {
      subject: name,
      message: `The macro ${name} can change ${scope}, and Keywarden does not run macros.`,
      remedy: `Check ${PROCESSED}.`,
    });
  const location = isMap(call) && isMap(call.Parameters) ? call.Parameters.Location : undefined;
  const subject = describeExpression(location ?? name);
  return unseenAt(template, "include", pointer, {
    subject,
    message: `CloudFormation inserts ${subject} at deployment, and Keywarden does not read it.`,
    remedy: `Write its content into the template, or check ${PROCESSED}.`,
  });
}

const PROCESSED = "the change set of the stack, or its processed template (get-template)";
