import type { Json } from "../../model/source.ts";
import {
  type AddressStep,
  type InstanceKey,
  modulePathKey,
  parseAddress,
  withoutPrefixes,
} from "./address.ts";
import { jsonAt } from "./json.ts";
import { type PlanConfiguration, referencesOf } from "./plan-configuration.ts";

/** The context of an expression: its module instance, and the `count` or `for_each` instance of its block. */
export interface ReferenceScope {
  module: AddressStep[];
  index?: InstanceKey | undefined;
  /** `for_each_expression` of the block, for `each.value`. */
  forEach?: Json | undefined;
}

/**
 * The final target of a reference, after module outputs and variables are resolved.
 * `known`: known at plan time (root variables, instance keys, paths). `unresolved`: not in the plan (locals).
 */
export type ReferenceTarget =
  | { kind: "known"; text: string; variable?: VariableAddress }
  | { kind: "unresolved"; text: string }
  | ResourceTarget;

/** A variable of the root module, or a variable that its module call sets to a constant or does not set. */
export interface VariableAddress {
  module: AddressStep[];
  name: string;
}

export interface ResourceTarget {
  kind: "resource";
  /** The reference in its module. */
  text: string;
  module: AddressStep[];
  data: boolean;
  type: string;
  name: string;
  /** The key of the instance, if the reference contains it. */
  index?: InstanceKey | undefined;
  /** The key of the block with the reference, if the reference uses it as an index. */
  pairedKey?: InstanceKey | undefined;
  /** Empty if the reference is to the whole resource. */
  attribute: string;
  /** The key of the provider configuration. Only evaluated source contains it. */
  provider?: string;
}

const depthLimit = 40;
const targetLimit = 2000;

interface Traversal {
  configuration: PlanConfiguration;
  /** Returns the keys of the instances of a module in the plan. */
  instances: (parent: AddressStep[], name: string) => ReadonlySet<InstanceKey>;
  seen: Set<string>;
  targets: ReferenceTarget[];
}

/**
 * Returns the targets of each reference of an expression. Cycles have no target; references that are nested too deeply,
 * or have too many targets, are `unresolved`. Pass all references of an expression together, because `count.index` and
 * `each.key` select the instance of other references.
 */
export function resolveReferences(
  configuration: PlanConfiguration,
  instances: Traversal["instances"],
  scope: ReferenceScope,
  references: string[],
): { reference: string; targets: ReferenceTarget[] }[] {
  const longest = withoutPrefixes(references);
  const pairedKey = pairedKeyIn(scope, longest);
  return longest.map((reference) => {
    const traversal: Traversal = { configuration, instances, seen: new Set(), targets: [] };
    resolveAll(traversal, scope, [reference], [], pairedKey, 0);
    if (traversal.targets.length >= targetLimit)
      traversal.targets.push({ kind: "unresolved", text: reference });
    return { reference, targets: traversal.targets };
  });
}

/** A plan lists `aws_kms_key.shard[count.index].arn` as `aws_kms_key.shard` and `count.index`. */
const pairedKeyIn = (scope: ReferenceScope, references: string[]): InstanceKey | undefined =>
  references.some((r) => /^(count\.index|each\.(key|value))\b/.test(r)) ? scope.index : undefined;

/** `rest`: the steps after the reference. For `each.value.arn` with `for_each = module.kms`, it is `arn`. */
function resolveAll(
  traversal: Traversal,
  scope: ReferenceScope,
  references: string[],
  rest: AddressStep[],
  pairedKey: InstanceKey | undefined,
  depth: number,
): void {
  const longest = withoutPrefixes(references);
  const key = pairedKey ?? pairedKeyIn(scope, longest);
  for (const reference of longest) {
    const id = `${modulePathKey(scope.module)}|${reference}|${JSON.stringify(rest)}|${scope.index}|${key}`;
    if (traversal.targets.length >= targetLimit || traversal.seen.has(id)) continue;
    traversal.seen.add(id);
    if (depth > depthLimit) traversal.targets.push({ kind: "unresolved", text: reference });
    else resolveOne(traversal, scope, reference, [...parseAddress(reference), ...rest], key, depth);
  }
}

function resolveOne(
  traversal: Traversal,
  scope: ReferenceScope,
  text: string,
  steps: AddressStep[],
  pairedKey: InstanceKey | undefined,
  depth: number,
): void {
  const [first, second, ...rest] = steps;
  if (first === undefined || second === undefined) return;
  switch (first.name) {
    case "var":
      resolveVariable(traversal, scope, text, second, rest, pairedKey, depth);
      return;
    case "module":
      resolveModuleOutput(traversal, scope, text, second, rest, pairedKey, depth);
      return;
    case "each":
      if (second.name === "key") traversal.targets.push({ kind: "known", text });
      else if (scope.forEach === undefined) traversal.targets.push({ kind: "unresolved", text });
      else {
        const withoutKey = { module: scope.module };
        resolveAll(traversal, withoutKey, referencesOf(scope.forEach), rest, scope.index, depth + 1);
      }
      return;
    case "count":
    case "path":
    case "terraform":
    case "tofu":
      traversal.targets.push({ kind: "known", text });
      return;
    case "local":
    case "self":
      traversal.targets.push({ kind: "unresolved", text });
      return;
    case "data":
      if (rest[0] !== undefined)
        traversal.targets.push(
          resourceTarget(text, scope, true, second.name, rest[0], rest.slice(1), pairedKey),
        );
      return;
    default:
      traversal.targets.push(resourceTarget(text, scope, false, first.name, second, rest, pairedKey));
  }
}

function resourceTarget(
  text: string,
  scope: ReferenceScope,
  data: boolean,
  type: string,
  step: AddressStep,
  rest: AddressStep[],
  pairedKey: InstanceKey | undefined,
): ReferenceTarget {
  const { name, index } = step;
  return {
    kind: "resource",
    text,
    module: scope.module,
    data,
    type,
    name,
    ...(index === undefined ? { pairedKey } : { index }),
    attribute: rest[0]?.name ?? "",
  };
}

function resolveVariable(
  traversal: Traversal,
  scope: ReferenceScope,
  text: string,
  variable: AddressStep,
  rest: AddressStep[],
  pairedKey: InstanceKey | undefined,
  depth: number,
): void {
  const last = scope.module.at(-1);
  const call = traversal.configuration.call(scope.module);
  const known: ReferenceTarget = {
    kind: "known",
    text,
    variable: { module: scope.module, name: variable.name },
  };
  if (last === undefined) return void traversal.targets.push(known);
  if (call === undefined) return void traversal.targets.push({ kind: "unresolved", text });
  const expression = jsonAt(call, "expressions", variable.name);
  const references = referencesOf(expression);
  // The call does not set the variable or sets it to a constant.
  if (references.length === 0) return void traversal.targets.push(known);
  const caller = {
    module: scope.module.slice(0, -1),
    index: last.index,
    forEach: jsonAt(call, "for_each_expression"),
  };
  resolveAll(traversal, caller, references, rest, pairedKey, depth + 1);
}

function resolveModuleOutput(
  traversal: Traversal,
  scope: ReferenceScope,
  text: string,
  call: AddressStep,
  rest: AddressStep[],
  pairedKey: InstanceKey | undefined,
  depth: number,
): void {
  const { configuration } = traversal;
  const [output, ...afterOutput] = rest;
  const known = traversal.instances(scope.module, call.name);
  const keys: (InstanceKey | undefined)[] =
    call.index !== undefined
      ? [call.index]
      : pairedKey !== undefined && known.has(pairedKey)
        ? [pairedKey]
        : known.size > 0
          ? [...known].slice(0, targetLimit)
          : [undefined];
  for (const index of keys) {
    const module = [...scope.module, index === undefined ? { name: call.name } : { name: call.name, index }];
    if (configuration.module(module) === undefined) {
      traversal.targets.push({ kind: "unresolved", text });
      return;
    }
    const names = output === undefined ? configuration.outputs(module) : [output.name];
    for (const name of names) {
      const expression = configuration.output(module, name);
      const references = referencesOf(expression);
      if (references.length > 0)
        resolveAll(traversal, { module }, references, afterOutput, pairedKey, depth + 1);
      else traversal.targets.push({ kind: expression === undefined ? "unresolved" : "known", text });
    }
  }
}
