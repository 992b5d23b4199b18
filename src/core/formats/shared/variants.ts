import { type Entity, entityKinds, type Reference } from "../../model/document.ts";
import { emptyPart, type Part } from "../../model/format.ts";
import type { Decision } from "./choices.ts";
import { whenTexts } from "./when.ts";

/** The lists of a part, without its problems. */
export type AllEntities = Omit<Part, "problems">;
export type Entities = Partial<AllEntities>;

/** What one assignment of the open choices comes to. */
export interface Result {
  decisions: Decision[];
  entities: AllEntities;
}

/** One outcome that what the input leaves open has: its entities, and the assignments that lead to it. */
export interface Variant {
  entities: AllEntities;
  decisions: Decision[][];
  /** The id of an entity of the variant, from the id that it has in the input. */
  rename(id: string): string;
}

/**
 * The outcomes of some assignments. Ids are those of the variant, links still those of the input. Those of one resource
 * alone are all counted, also one that makes nothing of an entity; others are counted when they are linked.
 */
export function variantsAmong(results: Result[], alone: boolean): Variant[] {
  const groups = groupsOf(results);
  return named(groups, alone ? groups.length : 1);
}

export const noEntities = (): AllEntities => {
  const { problems: _, ...entities } = emptyPart();
  return entities;
};

export function append(all: AllEntities, more: Entities): void {
  for (const kind of Object.keys(more) as (keyof Entities)[])
    (all[kind] as unknown[]).push(...((more[kind] ?? []) as unknown[]));
}

/** The entities with their references to keys put in other words. */
export function relink(entities: AllEntities, link: (reference: Reference) => Reference): AllEntities {
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
  entities: AllEntities;
  decisions: Decision[][];
}

/** Assignments with the same entities are one outcome. */
function groupsOf(results: Result[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { decisions, entities } of results) {
    const text = results.length === 1 ? "" : JSON.stringify(entities, withoutPlaces);
    const group = groups.get(text) ?? { entities, decisions: [] };
    group.decisions.push(decisions);
    groups.set(text, group);
  }
  return [...groups.values()];
}

/** Leaves out where things stand: two branches may say the same. A tag of that name is a text or unknown. */
function withoutPlaces(key: string, value: unknown): unknown {
  const place = (key === "location" || key === "locations") && typeof value === "object" && value !== null;
  return place && !("unknown" in value) ? undefined : value;
}

/** Several groups are variants: their ids get the variant's name. */
function named(groups: Group[], of: number): Variant[] {
  if (groups.length <= 1) return groups.map((group) => ({ ...group, rename: (id) => id }));
  const texts = whenTexts(groups.map(({ decisions }) => decisions));
  return groups.map(({ entities, decisions }, i) => {
    const when = texts[i] as string[];
    const rename = (id: string) => `${id} [${when.join(", ")}]`;
    const mark = <E extends Entity>(entity: E): E => ({
      ...entity,
      id: rename(entity.id),
      variant: { assumptions: when, total: of },
    });
    const marked = entityKinds.map((kind) => [kind, (entities[kind] as Entity[]).map(mark)]);
    return { entities: Object.fromEntries(marked), decisions, rename };
  });
}
