import { explore } from "../shared/choices.ts";
import {
  appendEntities,
  type EntityLists,
  type EntityVariant,
  emptyEntityLists,
  groupVariants,
} from "../shared/variants.ts";
import { conditionHolds } from "./conditions.ts";
import type { Reader } from "./entity.ts";
import { fitting } from "./pseudo.ts";
import { newState, type Resource, type Run } from "./run.ts";
import { addProblem, join } from "./template.ts";

/**
 * The entities of some resources, once for each outcome. Assignments under which the stack cannot be deployed do not
 * count, unless all are such. Ids are those of the variant, links still those of the template.
 */
export function variantsOf(resources: Resource[], base: Run, read: Reader): EntityVariant[] {
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
  const counting = (possible.length > 0 ? possible : outcomes).filter(({ result }) => result.created);
  return groupVariants(
    counting.map(({ decisions, result }) => ({ decisions, entities: result.entities })),
    resources.length === 1,
  );
}

/** `created`: some resource is there, by its condition. */
function readAll(resources: Resource[], run: Run, read: Reader): { entities: EntityLists; created: boolean } {
  const all = emptyEntityLists();
  // Conditions first: what a run decides then holds for all that it reads.
  const created = resources.filter(({ raw, pointer, bindings }) => {
    const { Condition } = raw;
    const bound = { ...run, bindings };
    return typeof Condition !== "string" || conditionHolds(bound, Condition, join(pointer, "Condition"));
  });
  for (const resource of created)
    appendEntities(all, read({ ...run, bindings: resource.bindings }, resource));
  return { entities: all, created: created.length > 0 };
}
