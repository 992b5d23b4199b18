import { emptyPart, type Format, type Part, type TargetOptions } from "../../model/format.ts";
import { emptySensitiveContent, type SensitiveContent } from "../../model/sensitive.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { sensitiveContentOf } from "../sensitive.ts";
import { appendEntities } from "../shared/variants.ts";
import type { Definition, EvaluationContext, TemplateResource } from "./context.ts";
import { mapEntries } from "./evaluate.ts";
import { exportsIn } from "./exports.ts";
import { recordNestedTemplate } from "./nested-stack.ts";
import { isReadType, newContext, readResources } from "./read.ts";
import { serviceTemplate } from "./service.ts";
import { stackSetPart } from "./stack-set.ts";
import { addUnseen, type CloudFormationTemplate, isMap, type JsonMap, readTemplate } from "./template.ts";
import { recordTransforms } from "./transforms.ts";
import { isNeverCreated } from "./variants.ts";

/** CloudFormation templates, including SAM templates, AWS CDK output and the template of a Serverless Framework service. */
export const cloudformation: Format = {
  name: "cloudformation",
  detect(value, source) {
    const parsed = { source, value, locate: () => unusedRange };
    const template = (serviceTemplate(parsed) ?? parsed).value;
    return (
      isMap(template) &&
      isMap(template.Resources) &&
      (someResource(template.Resources, (type) => type.includes("::")) ||
        Object.hasOwn(template.Resources, "Fn::Transform"))
    );
  },
  normalize(parsed, options) {
    const inService = serviceTemplate(parsed);
    return inService === undefined
      ? normalizeTemplate(parsed, options)
      : normalizeEmbedded(inService, options);
  },
};

const point = { line: 1, column: 1, offset: 0 };
const unusedRange = { start: point, end: point };

/** Returns whether a resource, at the top level or in a loop body, has a type that matches. */
function someResource(resources: JsonMap, matches: (type: string) => boolean): boolean {
  return Object.entries(resources).some(([id, raw]) => {
    if (id.startsWith("Fn::ForEach::")) {
      const body: Json | undefined = Array.isArray(raw) ? raw[2] : undefined;
      return isMap(body) && someResource(body, matches);
    }
    return isMap(raw) && typeof raw.Type === "string" && matches(raw.Type);
  });
}

function normalizeTemplate(parsed: Parsed, options: TargetOptions): Part {
  const template = readTemplate(parsed);
  // A part outside the template concerns KMS only if the template does.
  const mentionsKms = /kms/i.test(parsed.source.text);
  if (!mentionsKms && !someResource(template.resources, isReadType)) return emptyPart();
  const context = templateContext(template, options);
  const exports = exportsIn(context);
  const part = readResources(context);
  if (mentionsKms) recordTransforms(template, isReadType);
  const innerContent: SensitiveContent[] = [];
  for (const resource of mentionsKms ? context.resources.values() : []) {
    if (isNeverCreated(context, resource)) continue;
    recordNestedTemplate(context, resource);
    if (resource.type !== "AWS::CloudFormation::StackSet") continue;
    // The account and Region are those of each stack of the set, not those of the template.
    const inner = stackSetPart(context, resource, (parsed) => normalizeEmbedded(parsed, {}));
    if (inner === undefined) continue;
    const { problems, exports: _, unseen: unseenInside = [], sensitive, ...entities } = inner;
    if (sensitive !== undefined) innerContent.push(sensitive);
    appendEntities(part, entities);
    for (const problem of problems) part.problems.push(problem);
    for (const found of unseenInside) addUnseen(template, found);
  }
  const unseen = [...template.unseen.values()];
  const sensitive = sensitiveIn(template, innerContent);
  return {
    ...part,
    ...(sensitive === undefined ? {} : { sensitive }),
    ...(exports.length === 0 ? {} : { exports }),
    ...(unseen.length === 0 ? {} : { unseen }),
  };
}

/** Normalizes a template inside a file. Without a format, only `NoEcho` parameters at the root of a file are found. */
function normalizeEmbedded(parsed: Parsed, options: TargetOptions): Part {
  const part = normalizeTemplate(parsed, options);
  const declared = sensitiveContentOf(parsed);
  if (declared === undefined) return part;
  const { texts, positions, ranges } = part.sensitive ?? emptySensitiveContent();
  return { ...part, sensitive: { texts: [...declared.texts, ...texts], positions, ranges } };
}

/** Returns what functions of the template make of sensitive values, and the sensitive content of templates inside of it. */
function sensitiveIn(
  { parsed, sensitiveValues }: CloudFormationTemplate,
  inner: SensitiveContent[],
): SensitiveContent | undefined {
  const positions = [...sensitiveValues].map(([pointer, texts]) => ({
    at: { parsed, pointer },
    texts: [...texts],
    isReference: true as const,
  }));
  if (positions.length + inner.length === 0) return undefined;
  return {
    texts: [...positions, ...inner].flatMap(({ texts }) => texts),
    positions: [...positions, ...inner.flatMap((content) => content.positions)],
    ranges: [],
  };
}

/** Returns the evaluation context of a template. Loops around resources are expanded without making choices. */
function templateContext(template: CloudFormationTemplate, options: TargetOptions): EvaluationContext {
  const resources = new Map<string, TemplateResource>();
  const conditions = new Map<string, Definition>();
  const base = newContext(template, options, { resources, conditions });
  for (const { key, raw, pointer, context } of mapEntries(base, template.conditions, "/Conditions"))
    conditions.set(key, { raw, pointer, bindings: context.bindings });
  for (const { key, raw, pointer, context } of mapEntries(base, template.resources, "/Resources"))
    if (isMap(raw) && typeof raw.Type === "string")
      resources.set(key, { id: key, type: raw.Type, raw, pointer, bindings: context.bindings });
  return base;
}
