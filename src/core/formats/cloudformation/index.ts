import { emptyPart, type Format, type Options, type Part } from "../../model/format.ts";
import type { Json, Parsed } from "../../model/source.ts";
import type { Definition, EvaluationContext, TemplateResource } from "./context.ts";
import { mapEntries } from "./evaluate.ts";
import { exportsIn } from "./exports.ts";
import { isReadType, newContext, readResources } from "./read.ts";
import { type CloudFormationTemplate, isMap, type JsonMap, readTemplate } from "./template.ts";

/** CloudFormation templates, those of SAM and of the CDK's output among them. */
export const cloudformation: Format = {
  name: "cloudformation",
  detect: (value) =>
    isMap(value) && isMap(value.Resources) && someResource(value.Resources, (t) => t.includes("::")),
  normalize,
};

/** Whether a resource of such a type is in a map of resources, also in the body of a loop. */
function someResource(resources: JsonMap, wanted: (type: string) => boolean): boolean {
  return Object.entries(resources).some(([id, raw]) => {
    if (id.startsWith("Fn::ForEach::")) {
      const body: Json | undefined = Array.isArray(raw) ? raw[2] : undefined;
      return isMap(body) && someResource(body, wanted);
    }
    return isMap(raw) && typeof raw.Type === "string" && wanted(raw.Type);
  });
}

function normalize(parsed: Parsed, options: Options): Part {
  const template = readTemplate(parsed);
  if (!someResource(template.resources, isReadType)) return emptyPart();
  const context = templateContext(template, options);
  const exports = exportsIn(context);
  return { ...readResources(context), ...(exports.length === 0 ? {} : { exports }) };
}

/** A run with all that the template names. The loops around resources are unrolled with what is decided without choices. */
function templateContext(template: CloudFormationTemplate, options: Options): EvaluationContext {
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
