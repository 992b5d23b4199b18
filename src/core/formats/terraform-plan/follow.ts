import type { Json } from "../../model/source.ts";
import { type Configuration, referencesOf } from "./configuration.ts";
import { at } from "./json.ts";
import { type Index, longest, moduleKey, type Step, stepsOf } from "./traversal.ts";

/** Where an expression stands: in a module instance, in a block with `count` or `for_each` or not. */
export interface Scope {
  module: Step[];
  index?: Index | undefined;
  /** `for_each_expression` of the block, for `each.value`. */
  forEach?: Json | undefined;
}

/**
 * Where references end after module outputs and variables are followed.
 * `given`: known when the plan is made (root variables, instance keys, paths). `lost`: cannot be followed (locals).
 */
export type Leaf =
  | { kind: "given"; text: string; variable?: Variable }
  | { kind: "lost"; text: string }
  | ResourceLeaf;

/** A variable at which a reference ends: of the root, or one that its module's call passes a constant or nothing. */
export interface Variable {
  module: Step[];
  name: string;
}

export interface ResourceLeaf {
  kind: "resource";
  /** As it is written where it stands. */
  text: string;
  module: Step[];
  data: boolean;
  type: string;
  name: string;
  /** The instance that is named. */
  index?: Index | undefined;
  /** The instance that has the same key as the block that refers to it, where there is one. */
  pair?: Index | undefined;
  /** Empty where the resource is named as a whole. */
  attribute: string;
  /** Key of its provider's configuration, where the reference itself tells. */
  provider?: string;
}

const depthLimit = 40;
const leafLimit = 2000;

interface Walk {
  configuration: Configuration;
  /** The instances of a module that the plan has. */
  instances: (parent: Step[], name: string) => ReadonlySet<Index>;
  seen: Set<string>;
  leaves: Leaf[];
}

/**
 * The leaves of each reference of an expression. Cycles end without a leaf, very deep or wide chains as `lost`.
 * One reference may say which instance another one means: they are to be given together.
 */
export function follow(
  configuration: Configuration,
  instances: Walk["instances"],
  scope: Scope,
  references: string[],
): { reference: string; leaves: Leaf[] }[] {
  const found = longest(references);
  const pair = pairIn(scope, found);
  return found.map((reference) => {
    const walk: Walk = { configuration, instances, seen: new Set(), leaves: [] };
    followAll(walk, scope, [reference], [], pair, 0);
    if (walk.leaves.length >= leafLimit) walk.leaves.push({ kind: "lost", text: reference });
    return { reference, leaves: walk.leaves };
  });
}

/** `aws_kms_key.shard[count.index].arn` is listed as `aws_kms_key.shard` and `count.index`. */
const pairIn = (scope: Scope, references: string[]): Index | undefined =>
  references.some((r) => /^(count\.index|each\.(key|value))\b/.test(r)) ? scope.index : undefined;

/** `rest` is what is taken of the value: in `each.value.arn` over `module.kms` it is `arn`. */
function followAll(
  walk: Walk,
  scope: Scope,
  references: string[],
  rest: Step[],
  pair: Index | undefined,
  depth: number,
): void {
  const found = longest(references);
  const paired = pair ?? pairIn(scope, found);
  for (const reference of found) {
    const key = `${moduleKey(scope.module)}|${reference}|${JSON.stringify(rest)}|${scope.index}|${paired}`;
    if (walk.leaves.length >= leafLimit || walk.seen.has(key)) continue;
    walk.seen.add(key);
    if (depth > depthLimit) walk.leaves.push({ kind: "lost", text: reference });
    else followOne(walk, scope, reference, [...stepsOf(reference), ...rest], paired, depth);
  }
}

function followOne(
  walk: Walk,
  scope: Scope,
  text: string,
  steps: Step[],
  pair: Index | undefined,
  depth: number,
): void {
  const [first, second, ...rest] = steps;
  if (first === undefined || second === undefined) return;
  switch (first.name) {
    case "var":
      followVariable(walk, scope, text, second, rest, pair, depth);
      return;
    case "module":
      followModule(walk, scope, text, second, rest, pair, depth);
      return;
    case "each":
      if (second.name === "key") walk.leaves.push({ kind: "given", text });
      else if (scope.forEach === undefined) walk.leaves.push({ kind: "lost", text });
      else {
        const whole = { module: scope.module };
        followAll(walk, whole, referencesOf(scope.forEach), rest, scope.index, depth + 1);
      }
      return;
    case "count":
    case "path":
    case "terraform":
    case "tofu":
      walk.leaves.push({ kind: "given", text });
      return;
    case "local":
    case "self":
      walk.leaves.push({ kind: "lost", text });
      return;
    case "data":
      if (rest[0] !== undefined)
        walk.leaves.push(resourceLeaf(text, scope, true, second.name, rest[0], rest.slice(1), pair));
      return;
    default:
      walk.leaves.push(resourceLeaf(text, scope, false, first.name, second, rest, pair));
  }
}

function resourceLeaf(
  text: string,
  scope: Scope,
  data: boolean,
  type: string,
  step: Step,
  rest: Step[],
  pair: Index | undefined,
): Leaf {
  const { name, index } = step;
  return {
    kind: "resource",
    text,
    module: scope.module,
    data,
    type,
    name,
    ...(index === undefined ? { pair } : { index }),
    attribute: rest[0]?.name ?? "",
  };
}

function followVariable(
  walk: Walk,
  scope: Scope,
  text: string,
  variable: Step,
  rest: Step[],
  pair: Index | undefined,
  depth: number,
): void {
  const last = scope.module.at(-1);
  const call = walk.configuration.call(scope.module);
  const ends: Leaf = { kind: "given", text, variable: { module: scope.module, name: variable.name } };
  if (last === undefined) return void walk.leaves.push(ends);
  if (call === undefined) return void walk.leaves.push({ kind: "lost", text });
  const expression = at(call, "expressions", variable.name);
  const references = referencesOf(expression);
  // Not passed, or passed as a constant: the value is written in the configuration.
  if (references.length === 0) return void walk.leaves.push(ends);
  const caller = {
    module: scope.module.slice(0, -1),
    index: last.index,
    forEach: at(call, "for_each_expression"),
  };
  followAll(walk, caller, references, rest, pair, depth + 1);
}

function followModule(
  walk: Walk,
  scope: Scope,
  text: string,
  module: Step,
  rest: Step[],
  pair: Index | undefined,
  depth: number,
): void {
  const { configuration } = walk;
  const [output, ...beyond] = rest;
  const known = walk.instances(scope.module, module.name);
  const indexes: (Index | undefined)[] =
    module.index !== undefined
      ? [module.index]
      : pair !== undefined && known.has(pair)
        ? [pair]
        : known.size > 0
          ? [...known].slice(0, leafLimit)
          : [undefined];
  for (const index of indexes) {
    const inside = [
      ...scope.module,
      index === undefined ? { name: module.name } : { name: module.name, index },
    ];
    if (configuration.module(inside) === undefined) {
      walk.leaves.push({ kind: "lost", text });
      return;
    }
    const names = output === undefined ? configuration.outputs(inside) : [output.name];
    for (const name of names) {
      const expression = configuration.output(inside, name);
      const references = referencesOf(expression);
      if (references.length > 0) followAll(walk, { module: inside }, references, beyond, pair, depth + 1);
      else walk.leaves.push({ kind: expression === undefined ? "lost" : "given", text });
    }
  }
}
