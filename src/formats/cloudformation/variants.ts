import type { Entity, Reference } from "../../model/document.ts";
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
}

/**
 * The entities of a component, once for each outcome that what the template leaves open has. Assignments under which
 * the stack cannot be deployed do not count, unless all are such.
 */
export function variantsOf(component: Resource[], base: Run, read: Reader): Required<Entities> {
  const outcomes = explore((choose) => {
    const run: Run = { ...base, choose, outside: false, state: newState() };
    const entities = readAll(component, run, read);
    if (!fitting(run)) run.state.impossible = true;
    return { run, entities };
  });
  const possible = outcomes.filter(({ result }) => !result.run.state.impossible);
  if (possible.length === 0)
    for (const { result } of outcomes)
      for (const problem of result.run.state.obstacles) addProblem(base.template, problem);
  return merge(groupsOf(possible.length > 0 ? possible : outcomes));
}

const none = (): Required<Entities> => {
  const { problems: _, ...entities } = emptyPart();
  return entities;
};

function readAll(component: Resource[], run: Run, read: Reader): Required<Entities> {
  const all = none();
  // Conditions first: what a run decides then holds for all that it reads.
  const created = component.filter(({ raw, pointer, bindings }) => {
    const { Condition } = raw;
    const bound = { ...run, bindings };
    return typeof Condition !== "string" || conditionHolds(bound, Condition, join(pointer, "Condition"));
  });
  for (const resource of created) append(all, read({ ...run, bindings: resource.bindings }, resource));
  const ids = new Set(all.keys.map(({ id }) => id));
  const present = (id: string) => ids.has(id);
  return relink(all, (keys) => keys.filter(present));
}

/** The entities with their links to keys put in other words. */
function relink(entities: Required<Entities>, change: (keys: string[]) => string[]): Required<Entities> {
  const link = (reference: Reference): Reference => ({ ...reference, keys: change(reference.keys) });
  return {
    ...entities,
    keys: entities.keys.map((key) => (key.primary ? { ...key, primary: link(key.primary) } : key)),
    aliases: entities.aliases.map((alias) => ({ ...alias, target: link(alias.target) })),
  };
}

function append(all: Required<Entities>, more: Entities): void {
  for (const kind of Object.keys(more) as (keyof Entities)[])
    (all[kind] as unknown[]).push(...((more[kind] ?? []) as unknown[]));
}

interface Group {
  entities: Required<Entities>;
  decisions: Decision[][];
}

/** Assignments with the same entities are one outcome; one without any is none. */
function groupsOf(outcomes: Outcome<Result>[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { decisions, result } of outcomes) {
    const text = JSON.stringify(result.entities, withoutPlaces);
    const group = groups.get(text) ?? { entities: result.entities, decisions: [] };
    group.decisions.push(decisions);
    groups.set(text, group);
  }
  return [...groups.values()].filter(({ entities }) =>
    Object.values(entities).some((list) => list.length > 0),
  );
}

/** Leaves out where things stand: the branches of Fn::If may say the same. A tag of that name is a text or unknown. */
function withoutPlaces(key: string, value: unknown): unknown {
  const place = (key === "location" || key === "locations") && typeof value === "object" && value !== null;
  return place && !("unknown" in value) ? undefined : value;
}

function merge(groups: Group[]): Required<Entities> {
  const all = none();
  if (groups.length <= 1) {
    if (groups[0]) append(all, groups[0].entities);
    return all;
  }
  const texts = whenTexts(groups.map(({ decisions }) => decisions));
  groups.forEach(({ entities }, i) => append(all, asVariant(entities, texts[i] as string[])));
  return all;
}

/** Ids get the variant's name, and so do the links, which stay inside the variant; they are counted when linked. */
function asVariant(entities: Required<Entities>, when: string[]): Required<Entities> {
  const rename = (id: string) => `${id} [${when.join(", ")}]`;
  const mark = <E extends Entity>(entity: E): E => ({
    ...entity,
    id: rename(entity.id),
    variant: { when, of: 1 },
  });
  const linked = relink(entities, (keys) => keys.map(rename));
  return { ...linked, keys: linked.keys.map(mark), aliases: linked.aliases.map(mark) };
}
