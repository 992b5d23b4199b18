import { entityKinds } from "../../model/document.ts";
import { emptyPart, type Part, type TargetOptions } from "../../model/format.ts";
import { consumerTypeOf } from "../shared/consumers/consumers.ts";
import { append } from "../shared/variants.ts";
import { readAlias } from "./alias.ts";
import { componentsOf } from "./components.ts";
import { comparedLiterals } from "./conditions.ts";
import { readConsumer } from "./consumer.ts";
import type { Reader } from "./entity.ts";
import { evaluate } from "./evaluate.ts";
import { inlinePolicyReaders, readPolicy } from "./identity.ts";
import { readKey, readReplica } from "./key.ts";
import { Links } from "./links.ts";
import { type Definition, newState, type Resource, type Run } from "./run.ts";
import { readShare } from "./share.ts";
import { addProblem, isMap, join, problemAt, type Template } from "./template.ts";
import { variantsOf } from "./variants.ts";

/** Keys and what names them: those that refer to one another have their variants in common. */
const keyReaders: { [type: string]: Reader } = {
  "AWS::KMS::Key": readKey,
  "AWS::KMS::ReplicaKey": readReplica,
  "AWS::KMS::Alias": readAlias,
};

type Readers = (resource: Resource) => Reader[];

const onePolicy =
  (property: string): Readers =>
  () => [readPolicy(property)];

/** What stands beside the keys, as parts with variants of their own. A further kind of resource is a line here. */
const otherReaders: { [type: string]: Readers } = {
  "AWS::IAM::Group": inlinePolicyReaders,
  "AWS::IAM::GroupPolicy": onePolicy("PolicyDocument"),
  "AWS::IAM::ManagedPolicy": onePolicy("PolicyDocument"),
  "AWS::IAM::Policy": onePolicy("PolicyDocument"),
  "AWS::IAM::Role": inlinePolicyReaders,
  "AWS::IAM::RolePolicy": onePolicy("PolicyDocument"),
  "AWS::IAM::User": inlinePolicyReaders,
  "AWS::IAM::UserPolicy": onePolicy("PolicyDocument"),
  "AWS::RAM::ResourceShare": () => [readShare],
  "AWS::SSO::PermissionSet": onePolicy("InlinePolicy"),
  "AWS::Serverless::Function": inlinePolicyReaders,
  "AWS::Serverless::StateMachine": inlinePolicyReaders,
};

const isKeyType = (type: string): boolean => Object.hasOwn(keyReaders, type);
const isOtherType = (type: string): boolean =>
  Object.hasOwn(otherReaders, type) || consumerTypeOf(type) !== undefined;

const readKeyType: Reader = (run, resource) => (keyReaders[resource.type] as Reader)(run, resource);

function readersOf(resource: Resource): Reader[] {
  const { type } = resource;
  const readers = Object.hasOwn(otherReaders, type) ? (otherReaders[type] as Readers)(resource) : [];
  return consumerTypeOf(type) ? [...readers, readConsumer] : readers;
}

/** Whether resources of a type are read. */
export const isRead = (type: string): boolean => isKeyType(type) || isOtherType(type);

/** A run before any choice, with the names that it is given. */
export function newRun(
  template: Template,
  options: TargetOptions,
  names: { resources: Map<string, Resource>; conditions: Map<string, Definition> },
): Run {
  return {
    template,
    options,
    bindings: new Map(),
    evaluate,
    ...names,
    compared: comparedLiterals(template.conditions),
    choose: () => 0,
    outside: true,
    state: newState(),
  };
}

/** The entities of all resources of a run. */
export function readRun(base: Run): Part {
  const part = emptyPart();
  const { template } = base;
  const resources = [...base.resources.values()];
  const links = new Links(base.options);
  const keys = resources.filter(({ type }) => isKeyType(type)).filter((key) => isReadable(template, key));
  for (const component of componentsOf(keys))
    for (const variant of variantsOf(component, base, readKeyType)) append(part, links.add(variant));
  // What is wrong with the rest of a template is no matter of ours.
  const quiet: Run = { ...base, template: { ...template, problems: new Map() } };
  for (const resource of resources.filter(({ type }) => isOtherType(type)))
    for (const reader of readersOf(resource))
      for (const variant of variantsOf([resource], quiet, reader)) append(part, links.tie(variant));

  const position = new Map(resources.map(({ id }, i) => [id, i]));
  const inOrder = (a: { resource: string }, b: { resource: string }) =>
    (position.get(a.resource) as number) - (position.get(b.resource) as number);
  for (const kind of entityKinds) part[kind].sort(inOrder);
  const problems = [...template.problems.values()];
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { ...part, problems };
}

function isReadable(template: Template, { id, raw, pointer }: Resource): boolean {
  const properties = raw.Properties ?? null;
  if (properties === null || isMap(properties)) return true;
  const at = join(pointer, "Properties");
  const message = `The Properties of ${id} are not a map.`;
  addProblem(template, problemAt(template, at, message, "Write the properties as names with values."));
  return false;
}
