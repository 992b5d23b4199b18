import { emptyPart, type Part, type TargetOptions } from "../../model/format.ts";
import type { Parsed } from "../../model/source.ts";
import type {
  EvaluatedOutcome,
  EvaluatedPlan,
  EvaluationResponse,
} from "../../model/terraform-evaluation.ts";
import { haveOneResource, splitIndependent } from "../shared/independent.ts";
import { appendEntities, type EntityLists, groupVariants, mapReferences } from "../shared/variants.ts";
import { entitiesOf } from "../terraform-plan/index.ts";
import { Plan } from "../terraform-plan/plan.ts";
import { isRead } from "../terraform-plan/resources.ts";
import { Places } from "./places.ts";

export { readTypes } from "../terraform-plan/resources.ts";

/**
 * The entities of a root module of Terraform, from what it was evaluated to, and the files that they stand in. `texts`
 * gives the files that were read, byte for byte.
 */
export function normalizeTerraform(
  response: EvaluationResponse,
  texts: (path: string) => string | undefined,
  options: TargetOptions,
): { part: Part; parsed: Parsed[] } {
  const places = new Places(response, texts);
  const evaluated = { holes: response.holes, scopes: new Map<string, string>() };
  const entities = (plan: EvaluatedPlan): EntityLists => {
    const opened = new Plan(places.parsed(response.directory, plan), isRead, evaluated);
    const { problems: _, ...found } = entitiesOf(opened, options);
    return found;
  };
  const part = emptyPart();
  const plain = response.components.filter((outcomes) => outcomes.length === 1);
  appendEntities(part, entities(together(plain.flat())));
  for (const outcomes of response.components.filter(({ length }) => length > 1)) {
    const there = outcomes.filter(({ plan }) => plan.resource_changes.length > 0);
    const results = there.map(({ decisions, plan }) => ({ decisions, entities: entities(plan) }));
    for (const some of splitIndependent(results))
      for (const { entities: found, rename } of groupVariants(some, haveOneResource(some)))
        appendEntities(
          part,
          mapReferences(found, (reference) => ({ ...reference, keys: reference.keys.map(rename) })),
        );
  }
  return { part, parsed: places.shown() };
}

/**
 * All that has one outcome as one plan: resources may also name each other by texts, so that they are of different
 * components.
 */
function together(outcomes: EvaluatedOutcome[]): EvaluatedPlan {
  const plans = outcomes.map(({ plan }) => plan);
  const providers = plans.map(({ configuration }) => configuration.provider_config ?? {});
  return {
    format_version: "1.2",
    resource_changes: plans.flatMap((plan) => plan.resource_changes),
    configuration: { provider_config: Object.assign({}, ...providers) },
  };
}
