import { isUnknown } from "../../key-policy/pattern.ts";
import type { Consumer, KeyUse, Value } from "../../model/document.ts";
import { locationOf, type Node } from "../../model/node.ts";
import { type ConsumerType, consumerTypeOf, tagProperties } from "../shared/consumers/consumers.ts";
import { entityOf, type Reader, referenceTo } from "./entity.ts";
import { type Properties, propertiesOf, tagsOf, unknownOf } from "./fields.ts";
import { type Found, reach } from "./paths.ts";
import { surroundings } from "./pseudo.ts";
import type { Resource, Run } from "./run.ts";

/** A resource that can encrypt with a key; one that names neither a key nor a tag tells nothing and is left out. */
export const readConsumer: Reader = (run, resource) => {
  const type = consumerTypeOf(resource.type) as ConsumerType;
  const properties = propertiesOf(run, resource);
  const found = type.arguments.map((argument) => ({ argument, ...reach(run, resource, argument.path) }));
  const uses = found.flatMap(({ argument, nodes }): KeyUse[] =>
    nodes.filter(isWritten).map((node) => ({
      argument: argument.path.join("."),
      key: referenceTo(run, node),
      main: argument.main === true,
      asymmetric: argument.asymmetric === true,
      ...(argument.otherRegion ? { otherRegion: true } : {}),
      location: locationOf(node.at, resource.id),
    })),
  );
  const tags = type.tags ? tagsAt(run, resource, type.tags) : tagsIn(properties);
  if (uses.length === 0 && Object.keys(tags).length === 0) return {};
  const encryption = encryptionOf(run, resource, type, found, uses);
  if (encryption === "default") properties.defaults.push("encryption");
  return {
    consumers: [
      {
        ...entityOf(run, resource, properties),
        uses,
        ...(encryption === undefined ? {} : { encryption }),
        region: surroundings(run).region,
        tags,
      },
    ],
  };
};

/** An empty text is no key: parameters that may be left out have it as their default. */
const isWritten = (node: Node): boolean =>
  node.type !== "scalar" || (node.value !== null && node.value !== "");

function encryptionOf(
  run: Run,
  resource: Resource,
  type: ConsumerType,
  found: (Found & { argument: { main?: true } })[],
  uses: KeyUse[],
): Consumer["encryption"] {
  if (type.store !== true) return undefined;
  if (uses.some(({ main }) => main)) return "key";
  const sources = (type.inherits ?? []).map((path) => reach(run, resource, path));
  const hole = [...found.filter(({ argument }) => argument.main), ...sources].find(({ open }) => open)?.open;
  if (sources.some(({ nodes }) => nodes.some(isWritten))) return "inherited";
  return hole ? unknownOf(hole) : "default";
}

/** The tags of all replicas of a table. */
function tagsAt(run: Run, resource: Resource, path: string[]): Value<Consumer["tags"]> {
  const { nodes, open } = reach(run, resource, path);
  if (open) return unknownOf(open);
  const all = nodes.map((node) => (node.type === "unknown" ? unknownOf(node.hole) : tagsOf(node)));
  return all.find(isUnknown) ?? Object.assign({}, ...all);
}

function tagsIn({ read, node, defaults }: Properties): Value<Consumer["tags"]> {
  const name = tagProperties.find((property) => node(property) !== undefined) ?? "Tags";
  const tags = read("tags", name, tagsOf, {});
  if (defaults.length > 1) defaults.length = 1;
  return tags;
}
