import { DisjointSets } from "../../model/disjoint-sets.ts";
import { type Entity, entityKinds, type Reference } from "../../model/document.ts";
import {
  type AssignmentResult,
  type EntityLists,
  emptyEntityLists,
  type PartialEntityLists,
} from "./variants.ts";

/**
 * Splits results into groups whose entities don't refer to each other. Unrelated instances then have separate variants:
 * a choice that affects one of them creates no variants of the others.
 */
export function splitIndependent(results: AssignmentResult[]): AssignmentResult[][] {
  const sets = new DisjointSets();
  for (const { entities } of results) {
    for (const entity of entityList(entities)) sets.union(resourceNode(entity), entity.id);
    for (const [entity, { keys }] of references(entities)) for (const id of keys) sets.union(entity.id, id);
  }
  const roots = new Set(
    results.flatMap(({ entities }) => entityList(entities).map(({ id }) => sets.find(id))),
  );
  if (roots.size < 2) return [results];
  const parts = new Map([...roots].map((root) => [root, results.map(withoutEntities)]));
  results.forEach(({ entities }, i) => {
    for (const kind of entityKinds)
      for (const entity of entities[kind] as Entity[]) {
        const list = parts.get(sets.find(entity.id))?.[i]?.entities[kind] as Entity[] | undefined;
        list?.push(entity);
      }
  });
  return [...parts.values()];
}

/** Returns whether all entities have the same resource. */
export const haveOneResource = (results: AssignmentResult[]): boolean =>
  new Set(results.flatMap(({ entities }) => entityList(entities).map(resourceNode))).size === 1;

const withoutEntities = ({ decisions }: AssignmentResult): AssignmentResult => ({
  decisions,
  entities: emptyEntityLists(),
});

const resourceNode = ({ location, resource }: Entity): string => `resource ${location.file}#${resource}`;

const entityList = (entities: PartialEntityLists): Entity[] =>
  entityKinds.flatMap((kind) => (entities[kind] ?? []) as Entity[]);

function references(entities: EntityLists): [Entity, Reference][] {
  return [
    ...entities.keys.flatMap((key): [Entity, Reference][] => (key.primary ? [[key, key.primary]] : [])),
    ...entities.aliases.map((alias): [Entity, Reference] => [alias, alias.target]),
    ...entities.grants.map((grant): [Entity, Reference] => [grant, grant.key]),
    ...entities.consumers.flatMap((consumer) =>
      consumer.uses.map((use): [Entity, Reference] => [consumer, use.key]),
    ),
    ...entities.shares.flatMap((share) => share.keys.map((key): [Entity, Reference] => [share, key])),
  ];
}
