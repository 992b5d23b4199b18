import type { Secret, Value } from "../../model/document.ts";
import type { Json } from "../../model/source.ts";
import type { NumberedUnknown } from "../../model/terraform-evaluation.ts";
import { argumentsAt } from "./argument.ts";
import { referencesOf } from "./configuration.ts";
import { entityOf, Fields } from "./entity.ts";
import type { Leaf, Variable } from "./follow.ts";
import { at, listAt } from "./json.ts";
import { firstIn } from "./numbered.ts";
import type { Plan, Resource } from "./plan.ts";
import { secretArguments } from "./resources.ts";
import { unknown } from "./values.ts";

/** The secret arguments of a resource, as far as they are given. Their values are not for the document. */
export function secretsOf(plan: Plan, resource: Resource): Secret[] {
  return (secretArguments.get(resource.type) ?? []).flatMap((path) => {
    const given = argumentsAt(plan, resource, path).filter(
      ({ node }) => node !== undefined && !(node.type === "scalar" && !node.value),
    );
    const [first] = given;
    if (first === undefined) return [];
    const entity = entityOf(plan, resource, new Fields(plan, resource));
    const literal = literalOf(plan, resource, first.expression, `${resource.address}.${first.name}`);
    return [{ ...entity, id: `${entity.id}.${first.name}`, argument: first.name, literal }];
  });
}

/** Whether the configuration itself holds the value: as a constant, in a file beside it, or as a variable's default. */
function literalOf(
  plan: Plan,
  resource: Resource,
  expression: Json | undefined,
  where: string,
): Value<boolean> {
  if (plan.holes !== undefined) return givenBy(plan, expression, where);
  if (resource.written === undefined) return unknown("the plan has no configuration of the resource", where);
  if (expression === undefined) return unknown("the plan does not show what is written", where);
  const leaves = plan.follow(resource, referencesOf(expression)).flatMap((one) => one.leaves);
  const verdicts = leaves.map((leaf) => isLiteral(plan, leaf));
  if (verdicts.includes(false)) return false;
  const lost = leaves.find((_, i) => verdicts[i] === undefined);
  return lost === undefined ? true : unknown("the plan does not show the value of a local", lost.text);
}

/** The same of evaluated source, which says what gives a known value. */
function givenBy(plan: Plan, expression: Json | undefined, where: string): Value<boolean> {
  const holes = referencesOf(expression).flatMap((text) => firstIn(text, plan.holes ?? []) ?? []);
  const outside = (hole: NumberedUnknown) => hole.leaf !== undefined || /^var\.\w+$/.test(hole.expression);
  if (holes.some(outside)) return false;
  if (holes[0] !== undefined) return unknown(holes[0].reason, holes[0].expression);
  if (expression === undefined) return unknown("what is written is not known", where);
  return listAt(expression, "given").every(
    (variable) => at(variable, "default") === true && at(variable, "sensitive") !== true,
  );
}

/** Undefined where that cannot be told. */
function isLiteral(plan: Plan, leaf: Leaf): boolean | undefined {
  if (leaf.kind === "resource") return false;
  if (leaf.kind === "lost") return undefined;
  return leaf.variable === undefined || isWritten(plan, leaf.variable);
}

function isWritten({ configuration, parsed }: Plan, { module, name }: Variable): boolean {
  const passed = at(configuration.call(module), "expressions", name);
  if (module.length > 0 && passed !== undefined) return true;
  const fallback = configuration.variableDefault(module, name);
  if (fallback === undefined || fallback === null || configuration.isSensitive(module, name)) return false;
  const value = module.length === 0 ? at(parsed.value, "variables", name, "value") : undefined;
  return value === undefined || JSON.stringify(value) === JSON.stringify(fallback);
}
