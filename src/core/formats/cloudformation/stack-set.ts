import { type Document, type Entity, entityKinds } from "../../model/document.ts";
import type { Part } from "../../model/format.ts";
import { own } from "../../model/json.ts";
import { textOf } from "../../model/node.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { parseEmbeddedJson } from "../../parse/json.ts";
import { isProblem } from "../../parse/problem.ts";
import { parseYaml } from "../../parse/yaml.ts";
import {
  describeExpression,
  type EvaluationContext,
  evaluateValue,
  type TemplateResource,
} from "./context.ts";
import { entityId, setTemplateScope } from "./entity.ts";
import { addUnseen, isMap, type JsonMap, joinPointer, propertyOf, unseenAt } from "./template.ts";

/**
 * Returns the resources of the template in a stack set. Their names start with the logical ID of the stack set. Records
 * a template that is not in the input.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
 */
export function stackSetPart(
  context: EvaluationContext,
  resource: TemplateResource,
  normalize: (parsed: Parsed) => Part,
): Part | undefined {
  const body = propertyOf(resource, "TemplateBody");
  const url = propertyOf(resource, "TemplateURL");
  const property = body === undefined ? "TemplateURL" : "TemplateBody";
  const at = joinPointer(joinPointer(resource.pointer, "Properties"), property);
  const record = (subject: string, problem: string): undefined => {
    const part = unseenAt(context.template, "stack-set", at, {
      subject,
      message: `The template of the stack set ${resource.id} ${problem}.`,
      remedy: "Check the template of the stack set, too.",
    });
    addUnseen(context.template, { ...part, resource: resource.id });
  };
  if (body === undefined)
    return url === undefined
      ? undefined
      : record(describeExpression(url), `(${describeExpression(url)}) is not in the input`);
  const node = evaluateValue(context, body, at);
  const text = node === undefined || node.type === "text" ? undefined : textOf(node);
  if (node === undefined || node.type !== "scalar" || text === null || text === undefined)
    return record(resource.id, "depends on values that are known only at deployment");
  const parsed = parseBody(node.at.parsed, node.at.pointer, text);
  if (parsed === undefined) return record(resource.id, "cannot be read as JSON or YAML");
  const deployed = withParameters(parsed, context, resource);
  setTemplateScope(deployed, entityId(context, resource.id));
  return named(normalize(deployed), resource.id);
}

function parseBody(outer: Parsed, pointer: string, text: string): Parsed | undefined {
  const json = parseEmbeddedJson({ parsed: outer, pointer }, text);
  if (!isProblem(json)) return withRootPointer(json, pointer);
  const documents = parseYaml({ path: outer.source.path, text });
  const [document] = isProblem(documents) ? [] : documents;
  // Positions in the YAML text are not positions in the file.
  return document === undefined
    ? undefined
    : { ...document, source: outer.source, locate: () => outer.locate(pointer) };
}

/** Returns the template with the parameters of the stack set as defaults. Those that its instances override have none. */
function withParameters(parsed: Parsed, context: EvaluationContext, resource: TemplateResource): Parsed {
  const { value } = parsed;
  if (!isMap(value) || !isMap(value.Parameters)) return parsed;
  const parameters: JsonMap = { ...value.Parameters };
  const set = (list: Json | undefined, valueOf: (raw: Json) => Json | undefined) => {
    for (const entry of Array.isArray(list) ? list : []) {
      const key = isMap(entry) ? entry.ParameterKey : undefined;
      const parameter = typeof key === "string" ? own(parameters, key) : undefined;
      if (!isMap(entry) || typeof key !== "string" || !isMap(parameter)) continue;
      const { Default: _, ...others } = parameter;
      const given = valueOf(entry.ParameterValue ?? null);
      parameters[key] = given === undefined ? others : { ...others, Default: given };
    }
  };
  set(propertyOf(resource, "Parameters"), (raw) => {
    const node = evaluateValue(context, raw, resource.pointer);
    return node?.type === "scalar" ? node.value : undefined;
  });
  const groups = propertyOf(resource, "StackInstancesGroup");
  for (const group of Array.isArray(groups) ? groups : [])
    if (isMap(group)) set(group.ParameterOverrides, () => undefined);
  return { ...parsed, value: { ...value, Parameters: parameters } };
}

/** Embedded JSON is located by pointers of the outer document, and a template by pointers from its own root. */
const withRootPointer = (parsed: Parsed, pointer: string): Parsed => ({
  ...parsed,
  locate: (inner) => parsed.locate(pointer + inner),
});

/** Marks the resources of an inner template with the name of the resource that deploys it. */
function named(part: Part, name: string): Part {
  const rename = (text: string) => `${name}/${text}`;
  const lists = entityKinds.map((kind) => [
    kind,
    (part[kind] as Entity[]).map((entity) => ({
      ...entity,
      resource: rename(entity.resource),
      location: { ...entity.location, address: rename(entity.resource) },
    })),
  ]);
  return {
    ...part,
    ...(Object.fromEntries(lists) as Pick<Document, (typeof entityKinds)[number]>),
    ...(part.unseen === undefined
      ? {}
      : { unseen: part.unseen.map((inner) => ({ ...inner, resource: rename(inner.resource ?? "") })) }),
  };
}
