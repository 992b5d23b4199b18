import { DisjointSets } from "../../model/disjoint-sets.ts";
import { type Entity, entityKinds, type Reference } from "../../model/document.ts";
import { type AllEntities, type Entities, noEntities, type Result } from "./variants.ts";

/**
 * Results of which each is about entities that belong together: instances of one resource may have nothing to do with
 * each other, and what one of them hangs on is no choice of the others.
 */
export function apart(results: Result[]): Result[][] {
  const sets = new DisjointSets();
  for (const { entities } of results) {
    for (const entity of listed(entities)) sets.union(resourceOf(entity), entity.id);
    for (const [entity, { keys }] of references(entities)) for (const id of keys) sets.union(entity.id, id);
  }
  const roots = new Set(results.flatMap(({ entities }) => listed(entities).map(({ id }) => sets.find(id))));
  if (roots.size < 2) return [results];
  const parts = new Map([...roots].map((root) => [root, results.map(emptied)]));
  results.forEach(({ entities }, i) => {
    for (const kind of entityKinds)
      for (const entity of entities[kind] as Entity[]) {
        const list = parts.get(sets.find(entity.id))?.[i]?.entities[kind] as Entity[] | undefined;
        list?.push(entity);
      }
  });
  return [...parts.values()];
}

/** Whether the entities are all of one resource. */
export const ofOneResource = (results: Result[]): boolean =>
  new Set(results.flatMap(({ entities }) => listed(entities).map(resourceOf))).size === 1;

const emptied = ({ decisions }: Result): Result => ({ decisions, entities: noEntities() });

const resourceOf = ({ location, resource }: Entity): string => `resource ${location.file}#${resource}`;

const listed = (entities: Entities): Entity[] =>
  entityKinds.flatMap((kind) => (entities[kind] ?? []) as Entity[]);

function references(entities: AllEntities): [Entity, Reference][] {
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
