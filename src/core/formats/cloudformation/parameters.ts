import type { Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { MAX_ASSIGNMENTS } from "../shared/choices.ts";
import {
  canonicalExpression,
  type EvaluationContext,
  expressionId,
  literalNode,
  pointerAt,
  unknownNode,
} from "./context.ts";
import { typeFromPattern, typeFromValues } from "./pattern.ts";
import { stringFromParts } from "./strings.ts";
import { isMap, type Parameter } from "./template.ts";

/** Maximum number of allowed values that are tried for a parameter that is only used in strings. */
const MAX_STRING_VALUES = 8;

/** Returns the value of a parameter reference. A list default is split at commas. */
export function parameterNode(context: EvaluationContext, name: string, pointer: string): Node {
  const parameter = context.template.parameters.get(name) as Parameter;
  if (parameter.default !== undefined) {
    // A default may be a dynamic reference, whose value is unknown.
    if (!parameter.isList) return stringFromParts(context, [parameter.default], pointer);
    const items = parameter.default
      .split(",")
      .map((item) => stringFromParts(context, [item.trim()], pointer));
    return { type: "list", items, at: pointerAt(context, pointer) };
  }
  const value = chooseParameterValue(context, name, MAX_STRING_VALUES);
  if (value !== undefined) return literalNode(context, pointer, value);
  const reason = parameter.fromSsm ? "read from Systems Manager at deployment" : "parameter without default";
  return unknownNode(context, pointer, reason, name, { type: parameterType(parameter) });
}

/** Returns the value chosen for a parameter. Each allowed value is tried if there are at most `limit` of them. */
function chooseParameterValue(context: EvaluationContext, name: string, limit: number): string | undefined {
  const id = expressionId(context, { Ref: name });
  const known = context.state.decided.get(id);
  if (known !== undefined) return known ?? undefined;
  const { allowedValues: allowed, isList: list } = context.template.parameters.get(name) as Parameter;
  if (!allowed || list || allowed.length > limit) return undefined;
  return chooseValue(context, id, name, allowed, false) ?? undefined;
}

/**
 * Chooses one of the values for an undecided expression or, if `other`, none of them (null). The choice holds for the
 * entire evaluation.
 */
export function chooseValue(
  context: EvaluationContext,
  id: string,
  subject: string,
  values: string[],
  other: boolean,
): string | null {
  // The ID includes the values, because the first use of the same expression may allow fewer of them.
  const choice = context.choose({ id: `${id} ${values.join(",")}`, subject, values, other });
  const value = values[choice] ?? null;
  context.state.decided.set(id, value);
  context.state.decisions++;
  return value;
}

function parameterType({ type, allowedValues: allowed, pattern }: Parameter) {
  if (allowed) return typeFromValues(allowed);
  if (pattern !== undefined) return typeFromPattern(pattern);
  // IDs and names of resources. None of the AWS-specific types is an account or an ARN.
  const nameTypes = /^(List<)?AWS::(EC2|Route53)::|^AWS::SSM::Parameter::Name$/;
  const ssmNameTypes = /^AWS::SSM::Parameter::Value<(List<)?AWS::(EC2|Route53)::/;
  return nameTypes.test(type) || ssmNameTypes.test(type) ? "name" : undefined;
}

/**
 * Evaluates an operand of a comparison or a mapping key. A parameter is tried with all of its allowed values. The
 * account, which is a symbol everywhere else, is a literal if it is known.
 */
export function evaluateOperand(context: EvaluationContext, raw: Json, pointer: string): Node | undefined {
  const name = referencedParameter(context, raw);
  if (
    context.options.account !== undefined &&
    canonicalExpression(raw) === canonicalExpression({ Ref: "AWS::AccountId" })
  )
    return literalNode(context, pointer, context.options.account);
  if (name !== undefined && context.template.parameters.get(name)?.default === undefined)
    chooseParameterValue(context, name, MAX_ASSIGNMENTS);
  return context.evaluate(context, raw, pointer);
}

/** Returns whether an expression can have a value: false only if it is a parameter that does not allow it. */
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
