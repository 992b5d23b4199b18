import { entityKinds } from "../../model/document.ts";
import { emptyPart, type Part, type TargetOptions } from "../../model/format.ts";
import { consumerTypeOf } from "../shared/consumers/consumers.ts";
import { appendEntities } from "../shared/variants.ts";
import { readAlias } from "./alias.ts";
import { componentsOf } from "./components.ts";
import { literalsByExpression } from "./conditions.ts";
import { readConsumer } from "./consumer.ts";
import {
  type Definition,
  type EvaluationContext,
  newEvaluationState,
  type TemplateResource,
} from "./context.ts";
import type { EntityReader } from "./entity.ts";
import { evaluate } from "./evaluate.ts";
import { inlinePolicyReaders, readPolicy } from "./identity.ts";
import { readKey, readReplica } from "./key.ts";
import { KeyLinks } from "./links.ts";
import { readShare } from "./share.ts";
import { recordMisspelledNames } from "./spelling.ts";
import { addProblem, type CloudFormationTemplate, isMap, joinPointer, problemAt } from "./template.ts";
import { variantsOf } from "./variants.ts";

/** Readers of keys and aliases. Resources that refer to each other share variants. */
const keyReaders: { [type: string]: EntityReader } = {
  "AWS::KMS::Key": readKey,
  "AWS::KMS::ReplicaKey": readReplica,
  "AWS::KMS::Alias": readAlias,
};

type Readers = (resource: TemplateResource) => EntityReader[];

const policyProperty =
  (property: string): Readers =>
  () => [readPolicy(property)];

/** Readers of the other resources, which have their own variants. To support another type, add it here. */
const otherReaders: { [type: string]: Readers } = {
  "AWS::IAM::Group": inlinePolicyReaders,
  "AWS::IAM::GroupPolicy": policyProperty("PolicyDocument"),
  "AWS::IAM::ManagedPolicy": policyProperty("PolicyDocument"),
  "AWS::IAM::Policy": policyProperty("PolicyDocument"),
  "AWS::IAM::Role": inlinePolicyReaders,
  "AWS::IAM::RolePolicy": policyProperty("PolicyDocument"),
  "AWS::IAM::User": inlinePolicyReaders,
  "AWS::IAM::UserPolicy": policyProperty("PolicyDocument"),
  "AWS::RAM::ResourceShare": () => [readShare],
  "AWS::SSO::PermissionSet": policyProperty("InlinePolicy"),
  "AWS::Serverless::Function": inlinePolicyReaders,
  "AWS::Serverless::StateMachine": inlinePolicyReaders,
};

const isKeyType = (type: string): boolean => Object.hasOwn(keyReaders, type);
const isOtherType = (type: string): boolean =>
  Object.hasOwn(otherReaders, type) || consumerTypeOf(type) !== undefined;

const readKeyType: EntityReader = (context, resource) =>
  (keyReaders[resource.type] as EntityReader)(context, resource);

function readersOf(resource: TemplateResource): EntityReader[] {
  const { type } = resource;
  const readers = Object.hasOwn(otherReaders, type) ? (otherReaders[type] as Readers)(resource) : [];
  return consumerTypeOf(type) ? [...readers, readConsumer] : readers;
}

/** Returns whether resources of the type are read. */
export const isReadType = (type: string): boolean => isKeyType(type) || isOtherType(type);

/** Returns an evaluation context in which no choice is made yet. */
export function newContext(
  template: CloudFormationTemplate,
  options: TargetOptions,
  names: { resources: Map<string, TemplateResource>; conditions: Map<string, Definition> },
): EvaluationContext {
  return {
    template,
    options,
    bindings: new Map(),
    evaluate,
    ...names,
    comparedLiterals: literalsByExpression(template.conditions),
    choose: () => 0,
    beforeChoices: true,
    state: newEvaluationState(),
  };
}

/** Reads the entities of all resources. */
export function readResources(base: EvaluationContext): Part {
  const part = emptyPart();
  const { template } = base;
  const resources = [...base.resources.values()];
  for (const resource of resources) if (isKeyType(resource.type)) recordMisspelledNames(template, resource);
  const links = new KeyLinks(base.options);
  const keys = resources.filter(({ type }) => isKeyType(type)).filter((key) => isReadable(template, key));
  for (const component of componentsOf(keys))
    for (const variant of variantsOf(component, base, readKeyType)) appendEntities(part, links.add(variant));
  // Problems outside KMS resources are not reported.
  const silent: EvaluationContext = { ...base, template: { ...template, problems: new Map() } };
  for (const resource of resources.filter(({ type }) => isOtherType(type)))
    for (const reader of readersOf(resource))
      for (const variant of variantsOf([resource], silent, reader))
        appendEntities(part, links.linkToKeys(variant));

  const position = new Map(resources.map(({ id }, i) => [id, i]));
  const inOrder = (a: { resource: string }, b: { resource: string }) =>
    (position.get(a.resource) as number) - (position.get(b.resource) as number);
  for (const kind of entityKinds) part[kind].sort(inOrder);
  const problems = [...template.problems.values()];
  problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return { ...part, problems };
}

function isReadable(template: CloudFormationTemplate, { id, raw, pointer }: TemplateResource): boolean {
  const properties = raw.Properties ?? null;
  if (properties === null || isMap(properties)) return true;
  const at = joinPointer(pointer, "Properties");
  const message = `The Properties of ${id} are not an object.`;
  addProblem(template, problemAt(template, at, message, "Specify an object of property names and values."));
  return false;
}
