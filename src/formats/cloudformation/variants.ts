import type { Entity, Reference } from "../../model/document.ts";
import { entityKinds } from "../../model/document.ts";
import { emptyPart } from "../../model/format.ts";
import { type Decision, explore, type Outcome } from "./choices.ts";
import { conditionHolds } from "./conditions.ts";
import type { Entities, Reader } from "./entity.ts";
import { fitting } from "./pseudo.ts";
import { newState, type Resource, type Run } from "./run.ts";
import { addProblem, join } from "./template.ts";
import { whenTexts } from "./when.ts";

interface Result {
  run: Run;
  entities: Required<Entities>;
  /** Some resource is there, by its condition. */
  created: boolean;
}

/** One outcome that what the template leaves open has: its entities, and the assignments that lead to it. */
export interface Variant {
  entities: Required<Entities>;
  decisions: Decision[][];
  /** The id of an entity of the variant, from the id that it has in the template. */
  rename(id: string): string;
}

/**
 * The entities of some resources, once for each outcome. Assignments under which the stack cannot be deployed do not
 * count, unless all are such. Ids are those of the variant, links still those of the template.
 */
export function variantsOf(resources: Resource[], base: Run, read: Reader): Variant[] {
  const outcomes = explore((choose) => {
    const run: Run = { ...base, choose, outside: false, state: newState() };
    const result = readAll(resources, run, read);
    if (!fitting(run)) run.state.impossible = true;
    return { run, ...result };
  });
  const possible = outcomes.filter(({ result }) => !result.run.state.impossible);
  if (possible.length === 0)
    for (const { result } of outcomes)
      for (const problem of result.run.state.obstacles) addProblem(base.template, problem);
  const groups = groupsOf(possible.length > 0 ? possible : outcomes);
  return named(groups, resources.length === 1 ? groups.length : 1);
}

const none = (): Required<Entities> => {
  const { problems: _, ...entities } = emptyPart();
  return entities;
};

function readAll(resources: Resource[], run: Run, read: Reader): Pick<Result, "entities" | "created"> {
  const all = none();
  // Conditions first: what a run decides then holds for all that it reads.
  const created = resources.filter(({ raw, pointer, bindings }) => {
    const { Condition } = raw;
    const bound = { ...run, bindings };
    return typeof Condition !== "string" || conditionHolds(bound, Condition, join(pointer, "Condition"));
  });
  for (const resource of created) append(all, read({ ...run, bindings: resource.bindings }, resource));
  return { entities: all, created: created.length > 0 };
}

/** The entities with their references to keys put in other words. */
export function relink(
  entities: Required<Entities>,
  link: (reference: Reference) => Reference,
): Required<Entities> {
  return {
    ...entities,
    keys: entities.keys.map((key) => (key.primary ? { ...key, primary: link(key.primary) } : key)),
    aliases: entities.aliases.map((alias) => ({ ...alias, target: link(alias.target) })),
    consumers: entities.consumers.map((consumer) => ({
      ...consumer,
      uses: consumer.uses.map((use) => ({ ...use, key: link(use.key) })),
    })),
    shares: entities.shares.map((share) => ({ ...share, keys: share.keys.map(link) })),
  };
}

export function append(all: Required<Entities>, more: Entities): void {
  for (const kind of Object.keys(more) as (keyof Entities)[])
    (all[kind] as unknown[]).push(...((more[kind] ?? []) as unknown[]));
}

interface Group {
  entities: Required<Entities>;
  decisions: Decision[][];
}

/** Assignments with the same entities are one outcome; one in which no resource is there is none. */
function groupsOf(outcomes: Outcome<Result>[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { decisions, result } of outcomes.filter(({ result }) => result.created)) {
    const text = outcomes.length === 1 ? "" : JSON.stringify(result.entities, withoutPlaces);
    const group = groups.get(text) ?? { entities: result.entities, decisions: [] };
    group.decisions.push(decisions);
    groups.set(text, group);
  }
  return [...groups.values()];
}

/** Leaves out where things stand: the branches of Fn::If may say the same. A tag of that name is a text or unknown. */
function withoutPlaces(key: string, value: unknown): unknown {
  const place = (key === "location" || key === "locations") && typeof value === "object" && value !== null;
  return place && !("unknown" in value) ? undefined : value;
}

/**
 * Several groups are variants: their ids get the variant's name. Those of one resource are all counted, also one that
 * makes nothing of an entity; those of several are counted when they are linked.
 */
function named(groups: Group[], of: number): Variant[] {
  if (groups.length <= 1) return groups.map((group) => ({ ...group, rename: (id) => id }));
  const texts = whenTexts(groups.map(({ decisions }) => decisions));
  return groups.map(({ entities, decisions }, i) => {
    const when = texts[i] as string[];
    const rename = (id: string) => `${id} [${when.join(", ")}]`;
    const mark = <E extends Entity>(entity: E): E => ({
      ...entity,
      id: rename(entity.id),
      variant: { when, of },
    });
    const marked = entityKinds.map((kind) => [kind, (entities[kind] as Entity[]).map(mark)]);
    return { entities: Object.fromEntries(marked), decisions, rename };
  });
}
