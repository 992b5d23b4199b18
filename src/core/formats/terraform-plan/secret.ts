import type { Secret, Value } from "../../model/document.ts";
import type { Json } from "../../model/source.ts";
import type { NumberedUnknown } from "../../model/terraform-evaluation.ts";
import { argumentsAt } from "./argument.ts";
import { entityFromPlan, FieldReader } from "./entity.ts";
import { jsonAt, listAt } from "./json.ts";
import { firstUnknown } from "./placeholders.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import type { ReferenceTarget, VariableAddress } from "./reference-targets.ts";
import { secretArguments } from "./resource-types.ts";
import { unknownBecause } from "./values.ts";

/** Returns the secret arguments that a resource sets, without their values. */
export function secretsFromPlan(plan: Plan, resource: PlanResource): Secret[] {
  return (secretArguments.get(resource.type) ?? []).flatMap((path) => {
    const present = argumentsAt(plan, resource, path).filter(
      ({ node }) => node !== undefined && !(node.type === "scalar" && !node.value),
    );
    const [first] = present;
    if (first === undefined) return [];
    const entity = entityFromPlan(plan, resource, new FieldReader(plan, resource));
    const literal = isLiteralValue(plan, resource, first.expression, `${resource.address}.${first.name}`);
    return [{ ...entity, id: `${entity.id}.${first.name}`, argument: first.name, literal }];
  });
}

/** Returns whether the module contains the value: as a constant, in a file, or as the default of a variable. */
function isLiteralValue(
  plan: Plan,
  resource: PlanResource,
  expression: Json | undefined,
  address: string,
): Value<boolean> {
  if (plan.unknowns !== undefined) return isLiteralSource(plan, expression, address);
  if (resource.config === undefined)
    return unknownBecause("the plan does not contain the configuration of the resource", address);
  if (expression === undefined) return unknownBecause("the plan does not contain the expression", address);
  const targets = plan.targetsOf(resource, referencesOf(expression));
  const literal = targets.map((target) => isLiteralTarget(plan, target));
  if (literal.includes(false)) return false;
  const unresolved = targets.find((_, i) => literal[i] === undefined);
  return unresolved === undefined
    ? true
    : unknownBecause("the plan does not contain the value of the local", unresolved.text);
}

/** Returns whether evaluated source contains the value. It lists the variables that a known value comes from. */
function isLiteralSource(plan: Plan, expression: Json | undefined, address: string): Value<boolean> {
  const unknowns = referencesOf(expression).flatMap((text) => firstUnknown(text, plan.unknowns ?? []) ?? []);
  const isExternal = (unknown: NumberedUnknown) =>
    unknown.leaf !== undefined || /^var\.\w+$/.test(unknown.expression);
  if (unknowns.some(isExternal)) return false;
  if (unknowns[0] !== undefined) return unknownBecause(unknowns[0].reason, unknowns[0].expression);
  if (expression === undefined) return unknownBecause("the expression is not available", address);
  return listAt(expression, "given").every(
    (variable) => jsonAt(variable, "default") === true && jsonAt(variable, "sensitive") !== true,
  );
}

/** Returns undefined if the plan does not contain the value. */
function isLiteralTarget(plan: Plan, target: ReferenceTarget): boolean | undefined {
  if (target.kind === "resource") return false;
  if (target.kind === "unresolved") return undefined;
  return target.variable === undefined || isLiteralVariable(plan, target.variable);
}

function isLiteralVariable({ configuration, parsed }: Plan, { module, name }: VariableAddress): boolean {
  const argument = jsonAt(configuration.call(module), "expressions", name);
  if (module.length > 0 && argument !== undefined) return true;
  const fallback = configuration.variableDefault(module, name);
  if (fallback === undefined || fallback === null || configuration.isSensitive(module, name)) return false;
  const value = module.length === 0 ? jsonAt(parsed.value, "variables", name, "value") : undefined;
  return value === undefined || JSON.stringify(value) === JSON.stringify(fallback);
}
