import { posix } from "node:path";
import type { Part } from "../../model/format.ts";
import type { Json, UnseenPart } from "../../model/source.ts";
import {
  describeExpression,
  type EvaluationContext,
  evaluateValue,
  type TemplateResource,
} from "./context.ts";
import { stringOf } from "./fields.ts";
import { refersToNoEcho } from "./no-echo.ts";
import { addUnseen, isMap, joinPointer, propertyOf, unseenAt } from "./template.ts";

/** The property with the template of a nested stack, by type. */
const templateProperties: { [type: string]: string } = {
  "AWS::CloudFormation::Stack": "TemplateURL",
  "AWS::Serverless::Application": "Location",
};

/** Records a nested stack or a module, whose resources are not in the template. */
export function recordNestedTemplate(context: EvaluationContext, resource: TemplateResource): void {
  const { id, type, pointer } = resource;
  const { template } = context;
  if (type.endsWith("::MODULE")) {
    const part = unseenAt(template, "module", pointer, {
      subject: type,
      message: `The resources of the module ${type} (${id}) are not in the template.`,
      remedy: "Check the change set of the stack, or its processed template (get-template).",
    });
    addUnseen(template, { ...part, resource: id });
  }
  const property = Object.hasOwn(templateProperties, type) ? templateProperties[type] : undefined;
  const written = property === undefined ? undefined : propertyOf(resource, property);
  if (property === undefined || written === undefined) return;
  const at = joinPointer(joinPointer(pointer, "Properties"), property);
  const subject = assetPath(resource) ?? locationText(context, written, at);
  const part = unseenAt(template, "nested-stack", at, {
    subject,
    message: `The template ${subject} of the nested stack ${id} is not in the input.`,
    remedy: "Check the template of the nested stack, too.",
  });
  addUnseen(template, { ...part, resource: id });
}

/** Returns the path of a nested template that the AWS CDK or SAM CLI writes next to the template of its parent. */
function assetPath({ raw }: TemplateResource): string | undefined {
  const path = isMap(raw.Metadata) ? raw.Metadata["aws:asset:path"] : undefined;
  return typeof path === "string" ? path : undefined;
}

/** Returns a path or URL, or the ID of an application in the AWS Serverless Application Repository. */
function locationText(context: EvaluationContext, raw: Json, at: string): string {
  if (isMap(raw) && raw.ApplicationId !== undefined) return describeExpression(raw.ApplicationId);
  if (refersToNoEcho(context.template, raw)) return describeExpression(raw);
  const node = evaluateValue(context, raw, at);
  const text = node === undefined ? undefined : stringOf(node);
  return typeof text === "string" ? text : describeExpression(raw);
}

/** Removes the nested stacks whose template is one of the files of the run, by its path relative to the parent. */
export function withoutTemplatesInRun(part: Part, readPaths: ReadonlySet<string>): Part {
  const { unseen, ...rest } = part;
  if (unseen === undefined) return part;
  const inRun = ({ kind, file, subject }: UnseenPart) =>
    kind === "nested-stack" && readPaths.has(posix.join(posix.dirname(file), subject));
  const others = unseen.filter((found) => !inRun(found));
  return others.length === 0 ? rest : { ...rest, unseen: others };
}
