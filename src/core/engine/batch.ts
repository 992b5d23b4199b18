import { DisjointSets } from "../model/disjoint-sets.ts";
import { type Document, type Entity, entitiesIn, type Reference } from "../model/document.ts";
import { addToGroup } from "../model/groups.ts";

/**
 * Splits a document into batches that can be evaluated separately, because no rule combines entities of two batches.
 * Evaluation time grows faster than linearly with the document, so each batch has about `size` entities. Entities that
 * belong together are never separated, even if a batch then has more.
 */
export function batches(document: Document, size = 200): Document[] {
  const entities = entitiesIn(document);
  if (entities.length <= size) return entities.length === 0 ? [] : [document];
  const batchOf = assignBatches(groupEntities(document, entities), size);
  const count = Math.max(...batchOf.values()) + 1;
  const pick = <T extends Entity>(list: T[], index: number) => list.filter((e) => batchOf.get(e) === index);
  return Array.from({ length: count }, (_, index) => ({
    version: document.version,
    dataVersion: document.dataVersion,
    keys: pick(document.keys, index),
    aliases: pick(document.aliases, index),
    grants: pick(document.grants, index),
    identityPolicies: pick(document.identityPolicies, index),
    consumers: pick(document.consumers, index),
    shares: pick(document.shares, index),
    secrets: pick(document.secrets, index),
    removals: pick(document.removals, index),
  }));
}

/** Assigns whole groups to batches, in document order. */
function assignBatches(groups: Map<string, Entity[]>, size: number): Map<Entity, number> {
  const batchOf = new Map<Entity, number>();
  let index = 0;
  let filled = 0;
  for (const group of groups.values()) {
    if (filled > 0 && filled + group.length > size) {
      index += 1;
      filled = 0;
    }
    for (const entity of group) batchOf.set(entity, index);
    filled += group.length;
  }
  return batchOf;
}

/** Groups entities that a rule may combine, by a common name. */
function groupEntities(document: Document, entities: Entity[]): Map<string, Entity[]> {
  const sets = new DisjointSets();
  for (const entity of entities) sets.union(idOf(entity), variantsOf(entity));
  for (const key of document.keys) if (key.primary) joinWithKey(sets, key, key.primary);
  for (const alias of document.aliases) {
    joinWithKey(sets, alias, alias.target);
    if (typeof alias.name === "string") sets.union(idOf(alias), `name ${alias.name}`);
  }
  for (const grant of document.grants) joinWithKey(sets, grant, grant.key);
  // Consumers and shares only join keys in the document. Rules never combine two of them because of an unknown key.
  for (const consumer of document.consumers)
    for (const { key } of consumer.uses) for (const id of key.keys) sets.union(idOf(consumer), `id ${id}`);
  for (const share of document.shares)
    for (const { keys } of share.keys) for (const id of keys) sets.union(idOf(share), `id ${id}`);
  // An entity with an unknown reference may refer to any key of its scope, so it joins all of them.
  for (const key of document.keys) if (sets.has(scopeOf(key))) sets.union(idOf(key), scopeOf(key));

  const groups = new Map<string, Entity[]>();
  for (const entity of entities) addToGroup(groups, sets.find(idOf(entity)), entity);
  return groups;
}

const idOf = (entity: Entity) => `id ${entity.id}`;

/** Returns a name that all variants of a resource share. */
const variantsOf = (entity: Entity) => `resource ${entity.location.file}#${entity.resource}`;

const scopeOf = (entity: Entity) => `scope ${entity.scope}`;

/** Joins an entity with the keys it refers to. Entities that refer to the same external key also belong together. */
function joinWithKey(sets: DisjointSets, entity: Entity, reference: Reference): void {
  for (const id of reference.keys) sets.union(idOf(entity), `id ${id}`);
  if (reference.keys.length > 0) return;
  const group = typeof reference.text === "string" ? `text ${reference.text}` : scopeOf(entity);
  sets.union(idOf(entity), group);
}
