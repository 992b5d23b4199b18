import { type Entity, entityKinds, type Reference } from "../../model/document.ts";
import { emptyPart, type Part } from "../../model/format.ts";
import { describeAssumptions } from "./assumptions.ts";
import type { AtomDecision } from "./choices.ts";

/** The entity lists of a part, without its problems. */
export type EntityLists = Omit<Part, "problems" | "sensitive">;
export type PartialEntityLists = Partial<EntityLists>;

/** The entities under one assignment. */
export interface AssignmentResult {
  decisions: AtomDecision[];
  entities: EntityLists;
}

/** One possible outcome of the undecided choices: its entities, and the assignments that lead to them. */
export interface EntityVariant {
  entities: EntityLists;
  decisions: AtomDecision[][];
  /** Returns the ID of an entity in the variant, given its ID in the input. */
  rename(id: string): string;
}

/**
 * Groups assignments into variants. Entity IDs are those of the variant; references still have the IDs of the input. If
 * `countAll`, the total includes variants without entities; otherwise the link step counts the variants.
 */
export function groupVariants(results: AssignmentResult[], countAll: boolean): EntityVariant[] {
  const groups = groupByEntities(results);
  return nameVariants(groups, countAll ? groups.length : 1);
}

export const emptyEntityLists = (): EntityLists => {
  const { problems: _, ...entities } = emptyPart();
  return entities;
};

/** Appends entities to the lists of `all`. */
export function appendEntities(all: EntityLists, more: PartialEntityLists): void {
  for (const kind of Object.keys(more) as (keyof PartialEntityLists)[])
    for (const entity of more[kind] ?? []) (all[kind] as unknown[]).push(entity);
}

/** Returns the entities with `link` applied to each reference to a key. */
export function mapReferences(entities: EntityLists, link: (reference: Reference) => Reference): EntityLists {
  return {
    ...entities,
    keys: entities.keys.map((key) => (key.primary ? { ...key, primary: link(key.primary) } : key)),
    aliases: entities.aliases.map((alias) => ({ ...alias, target: link(alias.target) })),
    grants: entities.grants.map((grant) => ({ ...grant, key: link(grant.key) })),
    consumers: entities.consumers.map((consumer) => ({
      ...consumer,
      uses: consumer.uses.map((use) => ({ ...use, key: link(use.key) })),
    })),
    shares: entities.shares.map((share) => ({ ...share, keys: share.keys.map(link) })),
  };
}

interface Group {
  entities: EntityLists;
  decisions: AtomDecision[][];
}

/** Groups assignments with equal entities. */
function groupByEntities(results: AssignmentResult[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { decisions, entities } of results) {
    const serialized = results.length === 1 ? "" : JSON.stringify(entities, withoutLocations);
    const group = groups.get(serialized) ?? { entities, decisions: [] };
    group.decisions.push(decisions);
    groups.set(serialized, group);
  }
  return [...groups.values()];
}

/** JSON replacer without locations, because two branches may have equal values. A tag named `location` is kept. */
function withoutLocations(key: string, value: unknown): unknown {
  const isLocation =
    (key === "location" || key === "locations") && typeof value === "object" && value !== null;
  return isLocation && !("unknown" in value) ? undefined : value;
}

/** Appends the assumptions of each variant to its entity IDs, unless there is only one group. */
function nameVariants(groups: Group[], total: number): EntityVariant[] {
  if (groups.length <= 1) return groups.map((group) => ({ ...group, rename: (id) => id }));
  const descriptions = describeAssumptions(groups.map(({ decisions }) => decisions));
  return groups.map(({ entities, decisions }, i) => {
    const assumptions = descriptions[i] as string[];
    const rename = (id: string) => `${id} [${assumptions.join(", ")}]`;
    const mark = <E extends Entity>(entity: E): E => ({
      ...entity,
      id: rename(entity.id),
      variant: { assumptions, total },
    });
    const marked = entityKinds.map((kind) => [kind, (entities[kind] as Entity[]).map(mark)]);
    return { entities: Object.fromEntries(marked), decisions, rename };
  });
}
