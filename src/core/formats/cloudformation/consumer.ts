import { isUnknown, toUnknown } from "../../key-policy/pattern.ts";
import type { Consumer, KeyUse, Value } from "../../model/document.ts";
import { child, locationOf, type Node } from "../../model/node.ts";
import { type ConsumerType, consumerTypeOf, tagProperties } from "../shared/consumers/consumers.ts";
import { accessToKeyIn, deliveriesOf, keyArgumentOfTarget } from "../shared/consumers/service-access.ts";
import type { EvaluationContext, TemplateResource, UnknownReference } from "./context.ts";
import { type EntityReader, referenceTo, resourceEntity } from "./entity.ts";
import { type Properties, parseTags, propertiesOf } from "./fields.ts";
import { type PathValues, valuesAt } from "./paths.ts";
import { deploymentTarget } from "./pseudo.ts";

/** Reads a resource that can encrypt with a key. A resource with neither a key nor a tag is left out. */
export const readConsumer: EntityReader = (context, resource) => {
  const type = consumerTypeOf(resource.type) as ConsumerType;
  const properties = propertiesOf(context, resource);
  const found = type.arguments.map((argument) => ({
    argument,
    ...valuesAt(context, resource, argument.path),
  }));
  const ownUses = found.flatMap(({ argument, nodes }): KeyUse[] =>
    nodes.filter(isSet).map((node) => {
      const name = argument.path.join(".");
      const requires = accessToKeyIn(resource.type, name);
      return {
        argument: name,
        key: referenceTo(context, node),
        main: argument.main === true,
        asymmetric: argument.asymmetric === true,
        ...(argument.otherRegion === undefined ? {} : { otherRegion: argument.otherRegion }),
        ...(argument.keyRegion === undefined ? {} : { keyRegion: argument.keyRegion }),
        ...(requires === undefined ? {} : { requires }),
        location: locationOf(node.at, resource.id),
      };
    }),
  );
  const uses = [...ownUses, ...usesOfTargets(context, resource)];
  const tags = type.tags ? tagsAt(context, resource, type.tags) : tagsIn(properties);
  if (uses.length === 0 && (type.arguments.length === 0 || Object.keys(tags).length === 0)) return {};
  const encryption = encryptionOf(context, resource, type, found, uses);
  if (encryption === "default") properties.defaults.push("encryption");
  return {
    consumers: [
      {
        ...resourceEntity(context, resource, properties),
        uses,
        ...(encryption === undefined ? {} : { encryption }),
        region: deploymentTarget(context).region,
        tags,
      },
    ],
  };
};

/** Returns the keys of the queues and topics of the template that the resource makes a service send messages to. */
const usesOfTargets = (context: EvaluationContext, resource: TemplateResource): KeyUse[] =>
  deliveriesOf(resource.type).flatMap(({ path, role, access }) =>
    targetsAt(context, resource, path, role).flatMap((node): KeyUse[] => {
      const part: UnknownReference | undefined = node.type === "unknown" ? node.part : undefined;
      const target = part?.resource === undefined ? undefined : context.resources.get(part.resource);
      const property = target && keyArgumentOfTarget(target.type);
      if (target === undefined || property === undefined) return [];
      return valuesAt(context, target, [property])
        .nodes.filter(isSet)
        .map((key) => ({
          argument: path.join("."),
          key: referenceTo(context, key),
          main: false,
          asymmetric: false,
          otherRegion: true,
          requires: access,
          through: target.id,
          location: locationOf(node.at, resource.id),
        }));
    }),
  );

/** Returns the values at a path, except those beside a role. */
function targetsAt(
  context: EvaluationContext,
  resource: TemplateResource,
  path: string[],
  role: string | undefined,
): Node[] {
  if (role === undefined) return valuesAt(context, resource, path).nodes;
  const name = path.at(-1) as string;
  return valuesAt(context, resource, path.slice(0, -1)).nodes.flatMap((item) => {
    const value = child(item, role) === undefined ? child(item, name) : undefined;
    return value === undefined ? [] : [value];
  });
}

/** An empty string counts as not set, because optional parameters have it as their default. */
const isSet = (node: Node): boolean => node.type !== "scalar" || (node.value !== null && node.value !== "");

function encryptionOf(
  context: EvaluationContext,
  resource: TemplateResource,
  type: ConsumerType,
  found: (PathValues & { argument: { main?: true } })[],
  uses: KeyUse[],
): Consumer["encryption"] {
  if (type.store !== true) return undefined;
  if (uses.some(({ main }) => main)) return "key";
  const sources = (type.inherits ?? []).map((path) => valuesAt(context, resource, path));
  const mainPaths = found.filter(({ argument }) => argument.main);
  const unknown = [...mainPaths, ...sources].find((values) => values.unknown)?.unknown;
  if (sources.some(({ nodes }) => nodes.some(isSet))) return "inherited";
  return unknown ? toUnknown(unknown) : "default";
}

/** Returns the tags at a path, such as those of all replicas of a table. */
function tagsAt(
  context: EvaluationContext,
  resource: TemplateResource,
  path: string[],
): Value<Consumer["tags"]> {
  const { nodes, unknown } = valuesAt(context, resource, path);
  if (unknown) return toUnknown(unknown);
  const all = nodes.map((node) => (node.type === "unknown" ? toUnknown(node.part) : parseTags(node)));
  return all.find(isUnknown) ?? Object.assign({}, ...all);
}

function tagsIn({ read, node, defaults }: Properties): Value<Consumer["tags"]> {
  const name = tagProperties.find((property) => node(property) !== undefined) ?? "Tags";
  const tags = read("tags", name, parseTags, {});
  if (defaults.length > 1) defaults.length = 1;
  return tags;
}
