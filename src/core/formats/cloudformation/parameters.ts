import type { Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { MAX_ASSIGNMENTS } from "../shared/choices.ts";
import { typeByPattern, typeByValues } from "./pattern.ts";
import { canonical, identity, place, type Run, scalar, unknown } from "./run.ts";
import { isMap, type Parameter } from "./template.ts";
import { textOfParts } from "./text.ts";

/** A parameter that is only written into a text is tried with each of its allowed values up to this many. */
const TEXT_LIMIT = 8;

/** What a reference to a parameter stands for. Lists that are given by default are split. */
export function parameterNode(run: Run, name: string, pointer: string): Node {
  const parameter = run.template.parameters.get(name) as Parameter;
  if (parameter.default !== undefined) {
    // A default may be a dynamic reference, which is no value.
    if (!parameter.list) return textOfParts(run, [parameter.default], pointer);
    const items = parameter.default.split(",").map((item) => textOfParts(run, [item.trim()], pointer));
    return { type: "list", items, at: place(run, pointer) };
  }
  const value = decidedParameter(run, name, TEXT_LIMIT);
  if (value !== undefined) return scalar(run, pointer, value);
  const reason = parameter.stored ? "value from Systems Manager" : "parameter without default";
  return unknown(run, pointer, reason, name, { type: typeOf(parameter) });
}

/** The value that this run takes a parameter for: of all its allowed values, up to `limit`, one run takes each. */
function decidedParameter(run: Run, name: string, limit: number): string | undefined {
  const id = identity(run, { Ref: name });
  const known = run.state.decided.get(id);
  if (known !== undefined) return known ?? undefined;
  const { allowed, list } = run.template.parameters.get(name) as Parameter;
  if (!allowed || list || allowed.length > limit) return undefined;
  return decide(run, id, name, allowed, false) ?? undefined;
}

/**
 * Takes an undecided expression for one of some values, or (`other`) none of them: null. What is decided stays so for
 * the whole run.
 */
export function decide(
  run: Run,
  id: string,
  subject: string,
  values: string[],
  other: boolean,
): string | null {
  // The values belong to the atom's name: the same expression may first be met where fewer of them count.
  const choice = run.choose({ id: `${id} ${values.join(",")}`, subject, values, other });
  const value = values[choice] ?? null;
  run.state.decided.set(id, value);
  run.state.decisions++;
  return value;
}

function typeOf({ type, allowed, pattern }: Parameter) {
  if (allowed) return typeByValues(allowed);
  if (pattern !== undefined) return typeByPattern(pattern);
  // Ids and names of resources. Of the AWS-specific types none is an account or an ARN.
  const named = /^(List<)?AWS::(EC2|Route53)::|^AWS::SSM::Parameter::Name$/;
  const stored = /^AWS::SSM::Parameter::Value<(List<)?AWS::(EC2|Route53)::/;
  return named.test(type) || stored.test(type) ? "name" : undefined;
}

/**
 * An operand of a comparison or the key of a map: there a parameter is tried with all of its allowed values, and the
 * account, elsewhere a symbol, is a literal where it is given.
 */
export function operand(run: Run, raw: Json, pointer: string): Node | undefined {
  const name = parameterOf(run, raw);
  if (run.options.account !== undefined && canonical(raw) === canonical({ Ref: "AWS::AccountId" }))
    return scalar(run, pointer, run.options.account);
  if (name !== undefined && run.template.parameters.get(name)?.default === undefined)
    decidedParameter(run, name, MAX_ASSIGNMENTS);
  return run.evaluate(run, raw, pointer);
}

/** The parameter that an expression is, and whether that can have a value. */
export function admits(run: Run, raw: Json, value: string): boolean {
  const name = parameterOf(run, raw);
  const parameter = name === undefined ? undefined : run.template.parameters.get(name);
  return parameter && !parameter.list && !parameter.stored ? parameter.admits(value) : true;
}

function parameterOf(run: Run, raw: Json): string | undefined {
  if (!isMap(raw)) return undefined;
  const sub = raw["Fn::Sub"];
  const name = raw.Ref ?? (typeof sub === "string" ? /^\$\{([\w]+)\}$/.exec(sub)?.[1] : undefined);
  return typeof name === "string" && run.template.parameters.has(name) ? name : undefined;
}
