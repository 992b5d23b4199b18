import { emptyPart, type Format, type Part, type TargetOptions } from "../../model/format.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { entriesOf } from "./evaluate.ts";
import { exportsIn } from "./exports.ts";
import { isRead, newRun, readRun } from "./read.ts";
import type { Definition, Resource, Run } from "./run.ts";
import { isMap, type JsonMap, readTemplate, type Template } from "./template.ts";

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

function normalize(parsed: Parsed, options: TargetOptions): Part {
  const template = readTemplate(parsed);
  if (!someResource(template.resources, isRead)) return emptyPart();
  const run = runFor(template, options);
  const exports = exportsIn(run);
  return { ...readRun(run), ...(exports.length === 0 ? {} : { exports }) };
}

/** A run with all that the template names. The loops around resources are unrolled with what is decided without choices. */
function runFor(template: Template, options: TargetOptions): Run {
  const resources = new Map<string, Resource>();
  const conditions = new Map<string, Definition>();
  const base = newRun(template, options, { resources, conditions });
  for (const { key, raw, pointer, run } of entriesOf(base, template.conditions, "/Conditions"))
    conditions.set(key, { raw, pointer, bindings: run.bindings });
  for (const { key, raw, pointer, run } of entriesOf(base, template.resources, "/Resources"))
    if (isMap(raw) && typeof raw.Type === "string")
      resources.set(key, { id: key, type: raw.Type, raw, pointer, bindings: run.bindings });
  return base;
}
