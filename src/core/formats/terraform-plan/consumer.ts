import type { Consumer, KeyUse } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { addToGroup } from "../../model/groups.ts";
import { locationOf } from "../../model/node.ts";
import { type ConsumerType, consumerTypeOf, tagProperties } from "../shared/consumers/consumers.ts";
import { accessToKeyIn, deliveriesOf } from "../shared/consumers/service-access.ts";
import { snakeCase } from "../shared/consumers/snake-case.ts";
import { type Argument, argumentsAt } from "./argument.ts";
import { isCertainlySet, isSetArgument } from "./argument-presence.ts";
import { attributeOf } from "./attribute.ts";
import { usesOfTargets } from "./delivery.ts";
import { entityFromPlan, FieldReader, regionFromPlan } from "./entity.ts";
import { jsonAt } from "./json.ts";
import { keyReferenceOf } from "./key-reference.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { resourcesNamedBy } from "./resource-lookup.ts";
import { tagsFromPlan } from "./tags.ts";
import { unknownBecause } from "./values.ts";

type Encryption = NonNullable<Consumer["encryption"]>;

/** Returns the resources of a plan that can use a key for encryption. */
export function consumersFromPlan(plan: Plan, options: TargetOptions): Consumer[] {
  const context = consumerContext(plan, options);
  return plan.resources.flatMap((resource) => {
    const type = consumerTypeOf(resource.type);
    return type === undefined ? [] : (consumerFromPlan(plan, resource, type, context, options) ?? []);
  });
}

/** Resources of the plan that configure consumers. */
interface ConsumerContext {
  /** Configuring resources, by the resource that they configure. */
  configuredBy: Map<PlanResource, PlanResource[]>;
  /** Configuring resources with an unknown target, by resource type of the target. */
  unresolved: Map<string, PlanResource>;
  /** Resources that configure a resource of the plan. Their keys count as keys of that resource. */
  configuring: Set<PlanResource>;
  /** Default EBS encryption keys, by Region. */
  ebsDefaultKeys: Map<string, PlanResource>;
}

function consumerContext(plan: Plan, options: TargetOptions): ConsumerContext {
  const context: ConsumerContext = {
    configuredBy: new Map(),
    unresolved: new Map(),
    configuring: new Set(),
    ebsDefaultKeys: new Map(),
  };
  for (const resource of plan.resources) {
    if (resource.type === "aws_ebs_default_kms_key")
      context.ebsDefaultKeys.set(JSON.stringify(regionFromPlan(plan, resource, options)), resource);
    const attaches = consumerTypeOf(resource.type)?.attaches;
    const by = attaches?.by[0];
    if (attaches === undefined || by === undefined) continue;
    const targets = resourcesNamedBy(plan, resource, by, attaches.to, [by, "id", "arn"]);
    for (const target of targets) addToGroup(context.configuredBy, target, resource);
    if (targets.length > 0) context.configuring.add(resource);
    else if (attributeOf(plan, resource, by).node?.type === "unknown")
      context.unresolved.set(attaches.to, resource);
  }
  return context;
}

function consumerFromPlan(
  plan: Plan,
  resource: PlanResource,
  type: ConsumerType,
  context: ConsumerContext,
  options: TargetOptions,
): Consumer | undefined {
  if (context.configuring.has(resource)) return undefined;
  const direct = keyUsesOf(plan, resource, type, options);
  const configuring = (context.configuredBy.get(resource) ?? []).map((other) => ({
    resource: other,
    ...keyUsesOf(plan, other, consumerTypeOf(other.type) as ConsumerType, options),
  }));
  const uses = [...direct.uses, ...configuring.flatMap((other) => other.uses)];
  if (deliveriesOf(resource.type).length > 0) uses.push(...usesOfTargets(plan, resource, options));
  let encryption = type.store ? direct.encryption : undefined;
  if (type.store && encryption === undefined)
    encryption = configuring.find((other) => other.encryption !== undefined)?.encryption;
  if (type.store && encryption === undefined) {
    const fallback = defaultEncryption(plan, resource, type, context, options);
    if (typeof fallback === "object" && "argument" in fallback) uses.push(fallback);
    encryption = typeof fallback === "object" && "argument" in fallback ? "key" : fallback;
  }
  if (encryption === undefined && uses.length === 0) return undefined;
  const fields = new FieldReader(plan, resource);
  const [main] = uses.filter((use) => use.main);
  if (main !== undefined) fields.locations.encryption = main.location;
  else if (configuring[0] !== undefined)
    fields.locations.encryption = locationOf(configuring[0].resource.at, configuring[0].resource.address);
  const tags = resource.type.startsWith("awscc_")
    ? tagsFromPlan(plan, resource, "list", fields, tagListName(resource))
    : tagsFromPlan(plan, resource, "map", fields);
  return {
    ...entityFromPlan(plan, resource, fields),
    uses,
    ...(encryption === undefined ? {} : { encryption }),
    region: regionFromPlan(plan, resource, options),
    tags,
  };
}

const tagListName = ({ values, config }: PlanResource): string | undefined =>
  tagProperties
    .map(snakeCase)
    .find((name) => jsonAt(values, name) !== undefined || jsonAt(config, "expressions", name) !== undefined);

/** Returns the keys in the arguments of a resource, and the encryption if the main key argument is set. */
function keyUsesOf(
  plan: Plan,
  resource: PlanResource,
  type: ConsumerType,
  options: TargetOptions,
): { uses: KeyUse[]; encryption: Encryption | undefined } {
  const uses: KeyUse[] = [];
  let encryption: Encryption | undefined;
  for (const { path, main = false, asymmetric = false, otherRegion, keyRegion } of type.arguments) {
    for (const argument of argumentsAt(plan, resource, path)) {
      if (!isSetArgument(argument)) continue;
      const { key, targets } = keyReferenceOf(plan, resource, argument, options);
      const isSet = isCertainlySet(plan, argument, targets);
      // The resources in the expression have no instances, so the value is null.
      if (isSet === false) continue;
      if (main && encryption !== "key") encryption = isSet === true ? "key" : isSet;
      const location = argument.location ?? locationOf(resource.at, resource.address);
      const requires = accessToKeyIn(resource.type, argument.name);
      uses.push({
        argument: argument.name,
        key,
        main,
        asymmetric,
        ...(otherRegion === undefined ? {} : { otherRegion }),
        ...(keyRegion === undefined ? {} : { keyRegion }),
        ...(requires === undefined ? {} : { requires }),
        location,
      });
    }
  }
  return { uses, encryption };
}

/** Returns the encryption of a resource without a key argument: inherited from its data source, or the AWS default. */
function defaultEncryption(
  plan: Plan,
  resource: PlanResource,
  type: ConsumerType,
  context: ConsumerContext,
  options: TargetOptions,
): Encryption | KeyUse {
  let uncertain: Encryption | undefined;
  for (const path of type.inherits ?? []) {
    const inherited = argumentsAt(plan, resource, path).filter((argument) => hasValue(argument));
    for (const argument of inherited) {
      if (argument.node?.type !== "unknown") return "inherited";
      const { targets } = keyReferenceOf(plan, resource, argument, options);
      const value = isCertainlySet(plan, argument, targets);
      if (value === true) return "inherited";
      if (value !== false) uncertain ??= value;
    }
  }
  if (uncertain !== undefined) return uncertain;
  const configuring = context.unresolved.get(resource.type);
  if (configuring !== undefined && !context.configuredBy.has(resource))
    return unknownBecause("the resource that it configures is not known", configuring.address);
  return ebsDefaultKey(plan, resource, context, options) ?? "default";
}

/** Lists count even if the configuration does not set them, because it contains no `dynamic` blocks. */
const hasValue = (argument: Argument): boolean =>
  isSetArgument(argument.node?.type === "list" ? { ...argument, isSet: true } : argument);

/** Returns the account's default key for an encrypted EBS volume. */
function ebsDefaultKey(
  plan: Plan,
  resource: PlanResource,
  context: ConsumerContext,
  options: TargetOptions,
): KeyUse | undefined {
  if (resource.type !== "aws_ebs_volume" || jsonAt(resource.values, "encrypted") !== true) return undefined;
  const source = context.ebsDefaultKeys.get(JSON.stringify(regionFromPlan(plan, resource, options)));
  if (source === undefined) return undefined;
  const { key } = keyReferenceOf(plan, source, "key_arn", options);
  const location = attributeOf(plan, source, "key_arn").location ?? locationOf(source.at, source.address);
  return { argument: `${source.address}.key_arn`, key, main: true, asymmetric: false, location };
}
