import type { Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { MAX_ASSIGNMENTS } from "../shared/choices.ts";
import {
  canonicalExpression,
  type EvaluationContext,
  expressionId,
  placeAt,
  scalarNode,
  unknownNode,
} from "./context.ts";
import { typeFromPattern, typeFromValues } from "./pattern.ts";
import { stringFromParts } from "./strings.ts";
import { isMap, type Parameter } from "./template.ts";

/** A parameter that is only written into a text is tried with each of its allowed values up to this many. */
const MAX_STRING_VALUES = 8;

/** What a reference to a parameter stands for. Lists that are given by default are split. */
export function parameterNode(context: EvaluationContext, name: string, pointer: string): Node {
  const parameter = context.template.parameters.get(name) as Parameter;
  if (parameter.default !== undefined) {
    // A default may be a dynamic reference, which is no value.
    if (!parameter.isList) return stringFromParts(context, [parameter.default], pointer);
    const items = parameter.default
      .split(",")
      .map((item) => stringFromParts(context, [item.trim()], pointer));
    return { type: "list", items, at: placeAt(context, pointer) };
  }
  const value = chooseParameterValue(context, name, MAX_STRING_VALUES);
  if (value !== undefined) return scalarNode(context, pointer, value);
  const reason = parameter.fromSsm ? "value from Systems Manager" : "parameter without default";
  return unknownNode(context, pointer, reason, name, { type: parameterType(parameter) });
}

/** The value that this run takes a parameter for: of all its allowed values, up to `limit`, one run takes each. */
function chooseParameterValue(context: EvaluationContext, name: string, limit: number): string | undefined {
  const id = expressionId(context, { Ref: name });
  const known = context.state.decided.get(id);
  if (known !== undefined) return known ?? undefined;
  const { allowedValues: allowed, isList: list } = context.template.parameters.get(name) as Parameter;
  if (!allowed || list || allowed.length > limit) return undefined;
  return chooseValue(context, id, name, allowed, false) ?? undefined;
}

/**
 * Takes an undecided expression for one of some values, or (`other`) none of them: null. What is decided stays so for
 * the whole run.
 */
export function chooseValue(
  context: EvaluationContext,
  id: string,
  subject: string,
  values: string[],
  other: boolean,
): string | null {
  // The values belong to the atom's name: the same expression may first be met where fewer of them count.
  const choice = context.choose({ id: `${id} ${values.join(",")}`, subject, values, other });
  const value = values[choice] ?? null;
  context.state.decided.set(id, value);
  context.state.decisions++;
  return value;
}

function parameterType({ type, allowedValues: allowed, pattern }: Parameter) {
  if (allowed) return typeFromValues(allowed);
  if (pattern !== undefined) return typeFromPattern(pattern);
  // Ids and names of resources. Of the AWS-specific types none is an account or an ARN.
  const named = /^(List<)?AWS::(EC2|Route53)::|^AWS::SSM::Parameter::Name$/;
  const stored = /^AWS::SSM::Parameter::Value<(List<)?AWS::(EC2|Route53)::/;
  return named.test(type) || stored.test(type) ? "name" : undefined;
}

/**
 * An operand of a comparison or the key of a map: there a parameter is tried with all of its allowed values, and the
 * account, elsewhere a symbol, is a literal where it is given.
 */
export function evaluateOperand(context: EvaluationContext, raw: Json, pointer: string): Node | undefined {
  const name = referencedParameter(context, raw);
  if (
    context.options.account !== undefined &&
    canonicalExpression(raw) === canonicalExpression({ Ref: "AWS::AccountId" })
  )
    return scalarNode(context, pointer, context.options.account);
  if (name !== undefined && context.template.parameters.get(name)?.default === undefined)
    chooseParameterValue(context, name, MAX_ASSIGNMENTS);
  return context.evaluate(context, raw, pointer);
}

/** The parameter that an expression is, and whether that can have a value. */
export function allowsValue(context: EvaluationContext, raw: Json, value: string): boolean {
  const name = referencedParameter(context, raw);
  const parameter = name === undefined ? undefined : context.template.parameters.get(name);
  return parameter && !parameter.isList && !parameter.fromSsm ? parameter.allows(value) : true;
}

function referencedParameter(context: EvaluationContext, raw: Json): string | undefined {
  if (!isMap(raw)) return undefined;
  const sub = raw["Fn::Sub"];
  const name = raw.Ref ?? (typeof sub === "string" ? /^\$\{([\w]+)\}$/.exec(sub)?.[1] : undefined);
  return typeof name === "string" && context.template.parameters.has(name) ? name : undefined;
}
