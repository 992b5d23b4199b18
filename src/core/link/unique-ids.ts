import type { Document, Entity, Reference } from "../model/document.ts";
import { addToGroup } from "../model/groups.ts";

/** Returns the ID that the format gave an entity. Differs from its ID only if several entities had that ID. */
export type GivenId = (id: string) => string;

/**
 * Gives each entity an ID of its own. An input may define a resource twice: a plan that lists an address twice, or a
 * stream with two templates. Each definition is judged, and a reference to the resource may lead to any of them.
 */
export function makeIdsUnique(document: Document, references: (document: Document) => Reference[]): GivenId {
  const keys = uniqueIn(document.keys);
  document.keys = keys.entities;
  document.aliases = uniqueIn(document.aliases).entities;
  document.grants = uniqueIn(document.grants).entities;
  document.identityPolicies = uniqueIn(document.identityPolicies).entities;
  document.consumers = uniqueIn(document.consumers).entities;
  document.shares = uniqueIn(document.shares).entities;
  document.secrets = uniqueIn(document.secrets).entities;
  document.removals = uniqueIn(document.removals).entities;
  if (keys.given.size === 0) return (id) => id;
  const copies = new Map<string, string[]>();
  for (const [id, given] of keys.given) addToGroup(copies, given, id);
  for (const reference of references(document))
    reference.keys = [...new Set(reference.keys.flatMap((id) => [id, ...(copies.get(id) ?? [])]))];
  return (id) => keys.given.get(id) ?? id;
}

/** Returns the entities with unique IDs, and the given ID of each entity whose ID was changed. */
function uniqueIn<E extends Entity>(entities: E[]): { entities: E[]; given: Map<string, string> } {
  const used = new Set(entities.map(({ id }) => id));
  const given = new Map<string, string>();
  if (used.size === entities.length) return { entities, given };
  const counts = new Map<string, number>();
  const unique = entities.map((entity) => {
    let count = (counts.get(entity.id) ?? 0) + 1;
    let id = count === 1 ? entity.id : numbered(entity, count);
    while (count > 1 && used.has(id)) {
      count += 1;
      id = numbered(entity, count);
    }
    counts.set(entity.id, count);
    if (count === 1) return entity;
    used.add(id);
    given.set(id, entity.id);
    return { ...entity, id };
  });
  return { entities: unique, given };
}

/**
 * Numbers an ID in front of the suffix of its variant, because the variants of each definition belong together. Variants
 * without a suffix belong to one definition.
 */
function numbered({ id, variant, location: { file } }: Entity, count: number): string {
  const start = id.startsWith(file) ? file.length : 0;
  const suffix = id.indexOf(" [", start);
  if (suffix === -1 && variant !== undefined) return `${id} [${count}]`;
  return suffix === -1 ? `${id} (${count})` : `${id.slice(0, suffix)} (${count})${id.slice(suffix)}`;
}
