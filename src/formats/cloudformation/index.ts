import { emptyPart, type Format, type Options, type Part } from "../../model/format.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { readAlias } from "./alias.ts";
import { componentsOf } from "./components.ts";
import { comparedLiterals } from "./conditions.ts";
import type { Entities, Reader } from "./entity.ts";
import { entriesOf, evaluate } from "./evaluate.ts";
import { readKey, readReplica } from "./key.ts";
import { type Definition, newState, type Resource, type Run } from "./run.ts";
import { addProblem, isMap, type JsonMap, join, problemAt, readTemplate, type Template } from "./template.ts";
import { variantsOf } from "./variants.ts";

/** A further kind of resource is a reader and a line here. */
const readers: { [type: string]: Reader } = {
  "AWS::KMS::Key": readKey,
  "AWS::KMS::ReplicaKey": readReplica,
  "AWS::KMS::Alias": readAlias,
};

const readerOf = (type: string): Reader | undefined =>
  Object.hasOwn(readers, type) ? readers[type] : undefined;

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
  const part = emptyPart();
  if (!someResource(template.resources, (type) => readerOf(type) !== undefined)) return part;
  const base = runFor(template, options);
  const wanted = [...base.resources.values()].filter((resource) => isReadable(template, resource));
  const position = new Map(wanted.map(({ id }, i) => [id, i]));
  for (const component of componentsOf(wanted)) {
    const entities = variantsOf(component, base, read);
    for (const [kind, items] of Object.entries(entities))
      (part[kind as keyof Entities] as unknown[]).push(...items);
  }
  const inOrder = (a: { resource: string }, b: { resource: string }) =>
    (position.get(a.resource) as number) - (position.get(b.resource) as number);
  part.keys.sort(inOrder);
  part.aliases.sort(inOrder);
  const problems = [...template.problems.values()];
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { ...part, problems };
}

const read: Reader = (run, resource) => (readerOf(resource.type) as Reader)(run, resource);

/** A run with all that the template names. The loops around resources are unrolled with what is decided without choices. */
function runFor(template: Template, options: Options): Run {
  const resources = new Map<string, Resource>();
  const conditions = new Map<string, Definition>();
  const base: Run = {
    template,
    options,
    bindings: new Map(),
    evaluate,
    resources,
    conditions,
    compared: comparedLiterals(template.conditions),
    choose: () => 0,
    outside: true,
    state: newState(),
  };
  for (const { key, raw, pointer, run } of entriesOf(base, template.conditions, "/Conditions"))
    conditions.set(key, { raw, pointer, bindings: run.bindings });
  for (const { key, raw, pointer, run } of entriesOf(base, template.resources, "/Resources"))
    if (isMap(raw) && typeof raw.Type === "string")
      resources.set(key, { id: key, type: raw.Type, raw, pointer, bindings: run.bindings });
  return base;
}

function isReadable(template: Template, { id, type, raw, pointer }: Resource): boolean {
  if (!readerOf(type)) return false;
  const properties = raw.Properties ?? null;
  if (properties === null || isMap(properties)) return true;
  const at = join(pointer, "Properties");
  const message = `The Properties of ${id} are not a map.`;
  addProblem(template, problemAt(template, at, message, "Write the properties as names with values."));
  return false;
}
