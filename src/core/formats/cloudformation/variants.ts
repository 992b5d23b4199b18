import { exhaustSteps } from "../../parse/budget.ts";
import { type Choose, explore } from "../shared/choices.ts";
import {
  appendEntities,
  type EntityLists,
  type EntityVariant,
  emptyEntityLists,
  groupVariants,
} from "../shared/variants.ts";
import { conditionHolds } from "./conditions.ts";
import { type EvaluationContext, newEvaluationState, type TemplateResource } from "./context.ts";
import type { EntityReader } from "./entity.ts";
import { isConsistentTarget } from "./pseudo.ts";
import { addProblem, joinPointer } from "./template.ts";

/**
 * Returns the variants of some resources. Ignores undeployable assignments unless all assignments are undeployable. Entity
 * IDs are those of the variant; references still have the IDs of the template.
 */
export function variantsOf(
  resources: TemplateResource[],
  base: EvaluationContext,
  read: EntityReader,
): EntityVariant[] {
  const evaluateOnce = (choose: Choose) => {
    const context: EvaluationContext = { ...base, choose, beforeChoices: false, state: newEvaluationState() };
    const result = readCreated(resources, context, read);
    if (!isConsistentTarget(context)) context.state.undeployable = true;
    return { context, ...result };
  };
  const outcomes = explore(evaluateOnce, {
    onUncovered: () => exhaustSteps(base.template.parsed, (resources[0] as TemplateResource).pointer),
  });
  const possible = outcomes.filter(({ result }) => !result.context.state.undeployable);
  if (possible.length === 0)
    for (const { result } of outcomes)
      for (const problem of result.context.state.problems) addProblem(base.template, problem);
  const relevant = (possible.length > 0 ? possible : outcomes).filter(({ result }) => result.created);
  return groupVariants(
    relevant.map(({ decisions, result }) => ({ decisions, entities: result.entities })),
    resources.length === 1,
  );
}

/** Returns whether the condition of a resource is false for all choices. */
export function isNeverCreated(base: EvaluationContext, { raw, pointer }: TemplateResource): boolean {
  const { Condition } = raw;
  if (typeof Condition !== "string") return false;
  const context: EvaluationContext = { ...base, beforeChoices: false, state: newEvaluationState() };
  const holds = conditionHolds(context, Condition, joinPointer(pointer, "Condition"));
  return !holds && context.state.decisions === 0;
}

/** Reads the resources whose conditions are true. `created`: at least one resource is created. */
function readCreated(
  resources: TemplateResource[],
  context: EvaluationContext,
  read: EntityReader,
): { entities: EntityLists; created: boolean } {
  const all = emptyEntityLists();
  // Evaluate the conditions first, so that their choices apply to all properties.
  const created = resources.filter(({ raw, pointer, bindings }) => {
    const { Condition } = raw;
    const bound = { ...context, bindings };
    return (
      typeof Condition !== "string" || conditionHolds(bound, Condition, joinPointer(pointer, "Condition"))
    );
  });
  for (const resource of created)
    appendEntities(all, read({ ...context, bindings: resource.bindings }, resource));
  return { entities: all, created: created.length > 0 };
}
