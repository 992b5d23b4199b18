import { DisjointSets } from "../model/disjoint-sets.ts";
import { type Document, type Entity, entitiesIn, type Reference } from "../model/document.ts";

/**
 * The document in parts that can be evaluated one by one: no rule looks from an entity of one part at one of another.
 * Evaluation grows faster than linearly with the document, so parts are of about `size` entities each; entities that
 * belong together stay together, even where they are more.
 */
export function batches(document: Document, size = 200): Document[] {
  const entities = entitiesIn(document);
  if (entities.length <= size) return entities.length === 0 ? [] : [document];
  const part = partOf(groups(document, entities), size);
  const count = Math.max(...part.values()) + 1;
  const pick = <T extends Entity>(list: T[], index: number) => list.filter((e) => part.get(e) === index);
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

/** Fills the parts with whole groups, in the order of the document. */
function partOf(groups: Map<string, Entity[]>, size: number): Map<Entity, number> {
  const part = new Map<Entity, number>();
  let index = 0;
  let filled = 0;
  for (const group of groups.values()) {
    if (filled > 0 && filled + group.length > size) {
      index += 1;
      filled = 0;
    }
    for (const entity of group) part.set(entity, index);
    filled += group.length;
  }
  return part;
}

function groups(document: Document, entities: Entity[]): Map<string, Entity[]> {
  const sets = new DisjointSets();
  for (const entity of entities) sets.join(idOf(entity), variantsOf(entity));
  for (const key of document.keys) if (key.primary) refer(sets, key, key.primary);
  for (const alias of document.aliases) {
    refer(sets, alias, alias.target);
    if (typeof alias.name === "string") sets.join(idOf(alias), `name ${alias.name}`);
  }
  for (const grant of document.grants) refer(sets, grant, grant.key);
  // What these name matters to themselves alone: a key out of sight ties them to nothing.
  for (const consumer of document.consumers)
    for (const { key } of consumer.uses) for (const id of key.keys) sets.join(idOf(consumer), `id ${id}`);
  for (const share of document.shares)
    for (const { keys } of share.keys) for (const id of keys) sets.join(idOf(share), `id ${id}`);
  // One that may name any key of its scope belongs to all of them.
  for (const key of document.keys) if (sets.has(scopeOf(key))) sets.join(idOf(key), scopeOf(key));

  const found = new Map<string, Entity[]>();
  for (const entity of entities) {
    const root = sets.find(idOf(entity));
    const group = found.get(root);
    if (group === undefined) found.set(root, [entity]);
    else group.push(entity);
  }
  return found;
}

const idOf = (entity: Entity) => `id ${entity.id}`;

/** All variants of one resource share this. */
const variantsOf = (entity: Entity) => `resource ${entity.location.file}#${entity.resource}`;

const scopeOf = (entity: Entity) => `scope ${entity.scope}`;

/** Entities that name the same key belong together, also where the key is outside the document. */
function refer(sets: DisjointSets, entity: Entity, reference: Reference): void {
  for (const id of reference.keys) sets.join(idOf(entity), `id ${id}`);
  if (reference.keys.length > 0) return;
  const place = typeof reference.text === "string" ? `text ${reference.text}` : scopeOf(entity);
  sets.join(idOf(entity), place);
}
