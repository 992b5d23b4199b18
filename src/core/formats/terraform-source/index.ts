import { emptyPart, type Part, type TargetOptions } from "../../model/format.ts";
import { emptySensitiveContent, type SensitiveContent, type SensitiveRange } from "../../model/sensitive.ts";
import type { Parsed } from "../../model/source.ts";
import type {
  EvaluatedOutcome,
  EvaluatedPlan,
  EvaluationResponse,
} from "../../model/terraform-evaluation.ts";
import { sensitiveContentOf } from "../sensitive.ts";
import { haveOneResource, splitIndependent } from "../shared/independent.ts";
import { appendEntities, type EntityLists, groupVariants, mapReferences } from "../shared/variants.ts";
import { partFromPlan } from "../terraform-plan/index.ts";
import { hasPlaceholder } from "../terraform-plan/placeholders.ts";
import { Plan } from "../terraform-plan/plan.ts";
import { isReadResourceType } from "../terraform-plan/resource-types.ts";
import { SourcePositions } from "./positions.ts";

export { readResourceTypes } from "../terraform-plan/resource-types.ts";

/**
 * Reads the entities of an evaluated root module. `readText` returns the exact content of a source file. `files` are
 * the source files of the module.
 */
export function normalizeTerraform(
  response: EvaluationResponse,
  readText: (path: string) => string | undefined,
  options: TargetOptions,
): { part: Part; files: Parsed[] } {
  const positions = new SourcePositions(response, readText);
  const evaluation = { unknowns: response.holes, scopes: new Map<string, string>() };
  const sensitive = sensitiveInSource(response, positions);
  const read = (evaluated: EvaluatedPlan): EntityLists => {
    const parsed = positions.parsed(response.directory, evaluated);
    addMarked(sensitive, parsed, (pointer) => positions.literalRange(evaluated, pointer));
    const plan = new Plan(parsed, isReadResourceType, evaluation);
    const { problems: _, ...entities } = partFromPlan(plan, options);
    return entities;
  };
  const part: Part = {
    ...emptyPart(),
    ...(response.unseen.length === 0 ? {} : { unseen: response.unseen }),
    sensitive,
  };
  const certain = response.components.filter((outcomes) => outcomes.length === 1);
  appendEntities(part, read(mergePlans(certain.flat())));
  for (const outcomes of response.components.filter(({ length }) => length > 1)) {
    const nonEmpty = outcomes.filter(({ plan }) => plan.resource_changes.length > 0);
    const results = nonEmpty.map(({ decisions, plan }) => ({ decisions, entities: read(plan) }));
    for (const group of splitIndependent(results))
      for (const { entities, rename } of groupVariants(group, haveOneResource(group)))
        appendEntities(
          part,
          mapReferences(entities, (reference) => ({ ...reference, keys: reference.keys.map(rename) })),
        );
  }
  return { part, files: positions.files() };
}

/** Returns what the declarations and expressions of the source mark as sensitive. */
function sensitiveInSource({ sensitive }: EvaluationResponse, positions: SourcePositions): SensitiveContent {
  const { texts = [], ranges = [] } = sensitive ?? {};
  return {
    ...emptySensitiveContent(),
    texts: [...texts],
    ranges: ranges.map((range) => positions.fileRange(range)),
  };
}

/** Adds the sensitive arguments of evaluated resources: those with a mark, and those that are secrets by their name. */
function addMarked(
  { texts, ranges }: SensitiveContent,
  parsed: Parsed,
  literalRange: (pointer: string) => SensitiveRange | undefined,
): void {
  const found = sensitiveContentOf(parsed);
  // A text with a placeholder occurs nowhere as such, and its known parts can be public.
  for (const text of found?.texts ?? []) if (!hasPlaceholder(text)) texts.push(text);
  for (const { at } of found?.positions ?? []) {
    const range = literalRange(at.pointer);
    if (range !== undefined) ranges.push(range);
  }
}

/**
 * Merges the plans of components with one outcome. Resources in different components can still name each other, because
 * a name is not a reference.
 */
function mergePlans(outcomes: EvaluatedOutcome[]): EvaluatedPlan {
  const plans = outcomes.map(({ plan }) => plan);
  const providers = plans.map(({ configuration }) => configuration.provider_config ?? {});
  return {
    format_version: "1.2",
    resource_changes: plans.flatMap((plan) => plan.resource_changes),
    configuration: { provider_config: Object.assign({}, ...providers) },
  };
}
