/** Pastes what a rule tells to write into an example that fails, as a reader would. */
import assert from "node:assert/strict";
import type { Json, Parsed } from "../src/core/model/source.ts";
import { parseYaml } from "../src/core/parse/yaml.ts";

export type Map = { [key: string]: Json };

export const isMap = (value: Json | undefined): value is Map =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const listOf = (value: Json | undefined): Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** JSON, elements without their braces, or several statements. */
export function parsePolicy(snippet: string): Json {
  for (const text of [snippet, `{${snippet}}`, `[${snippet}]`]) {
    try {
      return JSON.parse(text) as Json;
    } catch {}
  }
  throw new Error(`no JSON: ${snippet}`);
}

/** YAML with the short forms of CloudFormation's functions. */
export function parseTemplate(text: string): Json {
  const parsed = parseYaml({ path: "template.yaml", text });
  assert.ok(Array.isArray(parsed) && parsed.length === 1, text);
  return (parsed[0] as Parsed).value;
}

const ELEMENT = /^(Version|Statement|Sid|Effect|Principal|Action|Resource|Condition)$/;

/** Whether a snippet is of a policy, and not of what holds it. */
const isOfPolicy = (snippet: Json): boolean =>
  Array.isArray(snippet) || (isMap(snippet) && Object.keys(snippet).every((key) => ELEMENT.test(key)));

/**
 * A whole policy takes the place of another, statements that of the one that the pointer leads into, or they stand
 * beside the others; elements take the place of those of the statement.
 */
export function pasteIntoPolicy(policy: Json, snippet: Json, pointer: string): Json {
  if (isMap(snippet) && "Statement" in snippet) return snippet;
  const given = isMap(policy) ? policy : {};
  const found = /\/Statement\/(\d+)(?:\/|$)/.exec(pointer)?.[1];
  const statements = [...listOf(given.Statement)];
  const at = found === undefined ? statements.length : Number(found);
  const old = statements[at];
  if (listOf(snippet).every((statement) => isMap(statement) && "Effect" in statement)) {
    statements.splice(at, 1, ...listOf(snippet));
    return { ...given, Statement: statements };
  }
  if (!isMap(old)) return { ...given, ...(snippet as Map) };
  const kept = Object.entries(old).filter(([key]) => !(key.slice("Not".length) in (snippet as Map)));
  statements[at] = { ...Object.fromEntries(kept), ...(snippet as Map) };
  return { ...given, Statement: statements };
}

/**
 * A template with a snippet in it: in the policy, in the properties, or beside the resource that is told of. A snippet may
 * be a template itself.
 */
export function pasteIntoTemplate(template: Map, snippet: Json, name: string, pointer: string): Map {
  if (isMap(snippet) && isMap(snippet.Resources)) {
    const { Parameters, Resources } = snippet;
    const parameters = { ...(template.Parameters as Map), ...(Parameters as Map) };
    return { ...pasteIntoTemplate(template, Resources, name, pointer), Parameters: parameters };
  }
  const resources = { ...(template.Resources as { [name: string]: Map }) };
  const resource = resources[name] as Map;
  const properties = (resource.Properties ?? {}) as Map;
  const own = (changes: Map): Map => ({ ...resource, Properties: { ...properties, ...changes } });
  if (isOfPolicy(snippet)) {
    const key = "PolicyDocument" in properties ? "PolicyDocument" : "KeyPolicy";
    resources[name] = own({ [key]: pasteIntoPolicy(properties[key] as Json, snippet, pointer) });
  } else if (Object.values(snippet as Map).every((part) => isMap(part) && "Type" in part)) {
    for (const [label, part] of Object.entries(snippet as { [name: string]: Map })) {
      const at = label in resources ? label : part.Type === resource.Type ? name : label;
      const there = resources[at];
      const merged = { ...(there?.Properties as Map), ...(part.Properties as Map) };
      resources[at] = { ...there, ...part, Properties: merged };
    }
  } else resources[name] = own(snippet as Map);
  return { ...template, Resources: complete(resources, name) };
}

/** The resources with the roles and keys that a snippet refers to. The key that is told of goes by its own name. */
function complete(resources: { [name: string]: Map }, told: string): { [name: string]: Json } {
  const isKey = resources[told]?.Type === "AWS::KMS::Key";
  const text = JSON.stringify(resources).replace(/\{"Ref":"(\w*Key)"\}/g, (reference, name) =>
    isKey && !(name in resources) ? JSON.stringify({ Ref: told }) : reference,
  );
  const companions = [...text.matchAll(/(?:"Ref":|"Fn::GetAtt":\[)"(\w+(Role)|\w*Key)"/g)]
    .filter(([, name = ""]) => !(name in resources))
    .map(([, name, role]) => [
      name,
      role === undefined
        ? { Type: "AWS::KMS::Key", Properties: {} }
        : { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: {} } },
    ]);
  return { ...JSON.parse(text), ...Object.fromEntries(companions) };
}

/** The objects of a stream, or of one list. */
export function objectsIn(text: string): Map[] {
  const parsed = parseYaml({ path: "objects.yaml", text });
  assert.ok(Array.isArray(parsed), text);
  const values = parsed.map(({ value }) => value as Map);
  return values.flatMap((value) => (value.kind === "List" ? (value.items as Map[]) : [value]));
}

const nameOf = ({ kind, metadata }: Map): string => {
  const { namespace, name } = metadata as Map;
  return [kind, namespace, name].filter((part) => part !== undefined).join("/");
};

/**
 * A list of the objects with a snippet in it: a policy, or elements of one, in the policy of the object that is told of;
 * whole objects in those of their names, or beside them; fields in the object that is told of.
 */
export function pasteIntoObjects(objects: Map[], snippet: Json, told: string, pointer: string): Json {
  const items = structuredClone(objects);
  const all = items.flatMap((item) => {
    const { object, oldObject } = (item.request ?? { object: item }) as Map;
    return [object, oldObject].filter(isMap);
  });
  const object = all.find((one) => nameOf(one) === told) as Map;
  const [fields] = Array.isArray(snippet) ? snippet : [];
  const isObjects = isMap(fields) && ("spec" in fields || "metadata" in fields);
  if (!isObjects) {
    const spec = object.spec as Map;
    const holder = (spec.forProvider ?? spec) as Map;
    holder.policy = JSON.stringify(pasteIntoPolicy(parsed(holder.policy), snippet, pointer));
  } else if ("apiVersion" in fields)
    for (const one of snippet as Map[]) {
      const same = all.find((other) => nameOf(other) === nameOf(one));
      if (same === undefined) items.push(one);
      else merge(same, one);
    }
  else merge(object, fields);
  return { apiVersion: "v1", kind: "List", items };
}

/** A reference takes the place of the id that is written. */
function merge(object: Map, fields: Map): void {
  for (const [key, value] of Object.entries(fields)) {
    const old = object[key];
    if (isMap(old) && isMap(value)) merge(old, value);
    else object[key] = value;
    if (key.endsWith("Ref")) delete object[key.replace(/Ref$/, "ID")];
  }
}

interface Change extends Map {
  address: string;
  type: string;
  change: Map & { after: Map; after_unknown: Map };
}

/** A plan with a snippet, as HCL is read, in the resource that is told of or beside it. */
export function pasteIntoPlan(plan: Map, snippet: Map, pointer: string): Map {
  const copy = structuredClone(plan) as unknown as Plan;
  const index = Number(/^\/resource_changes\/(\d+)/.exec(pointer)?.[1]);
  const resource = copy.resource_changes[index] as Change;
  const policy = policyOf(snippet);
  if (policy !== undefined) {
    const given = parsed(resource.change.after.policy);
    write(copy, resource, "policy", JSON.stringify(pasteIntoPolicy(given, resolved(policy), pointer)));
  } else if (snippet.removed !== undefined) {
    resource.change.actions = ["forget"];
  } else if (isMap(snippet.resource)) {
    for (const [type, named] of Object.entries(snippet.resource as { [type: string]: Map }))
      for (const [label, blocks] of Object.entries(named)) {
        const labels = Object.keys(named).map((other) => `${type}.${other}`);
        const same =
          resource.type === type &&
          (!labels.includes(resource.address) || resource.address === `${type}.${label}`);
        const at = same
          ? resource
          : (copy.resource_changes.find((r) => r.address === `${type}.${label}`) ?? added(copy, type, label));
        for (const [name, value] of Object.entries(listOf(blocks)[0] as Map)) write(copy, at, name, value);
      }
  } else for (const [name, value] of Object.entries(snippet)) write(copy, resource, name, value);
  return copy as unknown as Map;
}

/** A policy as it stands in a plan; nothing where it cannot be read. */
function parsed(policy: Json | undefined): Json {
  try {
    return JSON.parse(String(policy)) as Json;
  } catch {
    return null;
  }
}

interface Plan {
  resource_changes: Change[];
  configuration: { root_module: { resources?: Written[] } };
}

type Written = Map & { address: string; expressions: Map };

const writtenIn = ({ configuration }: Plan): Written[] => {
  configuration.root_module.resources ??= [];
  return configuration.root_module.resources;
};

function policyOf(snippet: Map): Json | undefined {
  if (snippet.snippet !== undefined) return snippet.snippet;
  if (isOfPolicy(snippet)) return snippet;
  const [statement] = listOf(snippet.statement);
  if (!isMap(statement)) return undefined;
  return [{ Effect: "Allow", Action: statement.actions as Json, Resource: statement.resources as Json }];
}

/** What references in a policy stand for. */
const resolved = (policy: Json): Json =>
  JSON.parse(
    JSON.stringify(policy)
      .replace(/\$\{aws_iam_role\.(\w+)\.arn\}/g, "arn:aws:iam::111122223333:role/$1")
      .replace(
        /\$\{aws_kms_key\.\w+\.arn\}/g,
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      )
      .replace(/\$\{data\.aws_caller_identity\.current\.account_id\}/g, "111122223333"),
  ) as Json;

function added(plan: Plan, type: string, name: string): Change {
  const address = `${type}.${name}`;
  const base = { address, mode: "managed", type, name };
  const provider_name = "registry.terraform.io/hashicorp/aws";
  const change = { actions: ["create"], before: null, after: { region: "eu-west-1" }, after_unknown: {} };
  const resource = { ...base, provider_name, change } as unknown as Change;
  plan.resource_changes.push(resource);
  writtenIn(plan).push({ ...base, provider_config_key: "aws", expressions: {} });
  return resource;
}

/** Sets an argument to a literal, or to a reference: to what it refers to as far as that is known before apply. */
function write(plan: Plan, resource: Change, name: string, value: Json): void {
  const { after, after_unknown } = resource.change;
  const written = writtenIn(plan).find((r) => r.address === resource.address);
  const [, type = "", label = "", attribute = ""] = /^\$\{(\w+)\.(\w+)\.(\w+)\}$/.exec(String(value)) ?? [];
  const ofType = plan.resource_changes.filter((r) => r.type === type);
  if (type !== "" && ofType.length === 0) added(plan, type, label);
  const address = ofType.length === 1 ? (ofType[0] as Change).address : `${type}.${label}`;
  const known = type === "" ? value : ofType.find((r) => r.address === address)?.change.after[attribute];
  after[name] = known ?? null;
  if (known === undefined) after_unknown[name] = true;
  else delete after_unknown[name];
  if (written !== undefined)
    written.expressions[name] =
      type === "" ? { constant_value: value } : { references: [`${address}.${attribute}`, address] };
}
