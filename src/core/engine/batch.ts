import { DisjointSets } from "../model/disjoint-sets.ts";
import {
  type Document,
  type Entity,
  entitiesIn,
  type IdentityPolicy,
  type Key,
  type Reference,
  type Statement,
} from "../model/document.ts";
import { addToGroup } from "../model/groups.ts";

/**
 * Splits a document into batches that can be evaluated separately, because no rule combines entities of two batches.
 * Evaluation time grows faster than linearly with the document, so each batch has about `size` parts. Entities that
 * belong together are never separated, even if a batch then has more.
 */
export function batches(document: Document, size = 300): Document[] {
  const entities = entitiesIn(document);
  if (partsOf(entities) <= size) return entities.length === 0 ? [] : [document];
  return merged(groupEntities(document, entities), size).map((batch) => documentOf(document, batch));
}

/** Returns the entities in groups that no rule combines with each other, in document order. */
export const independentGroups = (document: Document): Entity[][] =>
  groupEntities(document, entitiesIn(document));

/** Returns a document with some of the entities of a document. */
export function documentOf(document: Document, entities: Iterable<Entity>): Document {
  const chosen = new Set(entities);
  const pick = <T extends Entity>(list: T[]) => list.filter((entity) => chosen.has(entity));
  return {
    version: document.version,
    dataVersion: document.dataVersion,
    keys: pick(document.keys),
    aliases: pick(document.aliases),
    grants: pick(document.grants),
    identityPolicies: pick(document.identityPolicies),
    consumers: pick(document.consumers),
    shares: pick(document.shares),
    secrets: pick(document.secrets),
    removals: pick(document.removals),
  };
}

/** Joins whole groups to batches of about `size` parts, in document order. */
function merged(groups: Entity[][], size: number): Entity[][] {
  const found: Entity[][] = [];
  let sizeOfLast = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    const parts = partsOf(group);
    if (sizeOfLast + parts > size) {
      found.push([...group]);
      sizeOfLast = parts;
    } else {
      for (const entity of group) found.at(-1)?.push(entity);
      sizeOfLast += parts;
    }
  }
  return found;
}

/** Returns how many parts rules visit: entities, and the principals of their statements. */
const partsOf = (entities: Entity[]): number =>
  entities.reduce((sum, entity) => {
    const statements = statementsIn(entity);
    return statements.reduce((parts, { principals }) => parts + Math.max(1, principals.length), sum + 1);
  }, 0);

const statementsIn = (entity: Partial<Key & IdentityPolicy>): Statement[] =>
  entity.policy?.statements ?? entity.statements ?? [];

/** Groups entities that a rule may combine, by a common name. */
function groupEntities(document: Document, entities: Entity[]): Entity[][] {
  const sets = new DisjointSets();
  for (const entity of entities) sets.union(idOf(entity), resourceName(entity));
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
  return [...groups.values()];
}

const idOf = (entity: Entity) => `id ${entity.id}`;

/** Returns a name that all variants of a resource share. */
export const resourceName = (entity: Entity) => `resource ${entity.location.file}#${entity.resource}`;

const scopeOf = (entity: Entity) => `scope ${entity.scope}`;

/** Joins an entity with the keys it refers to. Entities that refer to the same external key also belong together. */
function joinWithKey(sets: DisjointSets, entity: Entity, reference: Reference): void {
  for (const id of reference.keys) sets.union(idOf(entity), `id ${id}`);
  if (reference.keys.length > 0) return;
  const group = typeof reference.text === "string" ? `text ${reference.text}` : scopeOf(entity);
  sets.union(idOf(entity), group);
}
