import type { Json } from "../../model/source.ts";
import { admits, decide, operand } from "./parameters.ts";
import { canonical, describe, identity, misused, type Run, report } from "./run.ts";
import { isMap, isScalar, join } from "./template.ts";
import { mayBe } from "./text.ts";

/** How many conditions may hang on one another in a row; beyond that they count as unknown. */
const MAX_DEPTH = 200;

/** Whether a condition of the template holds in this run. */
export function conditionHolds(run: Run, name: string, pointer: string): boolean {
  const { conditions } = run.state;
  const known = conditions.get(name);
  if (typeof known === "boolean") return known;
  const definition = run.conditions.get(name);
  if (definition && known === undefined && run.state.depth >= MAX_DEPTH)
    return either(run, `condition ${name}`, name);
  if (!definition || known === "open") {
    if (known === "open")
      report(run, pointer, `The condition ${name} depends on itself.`, "Break the cycle of conditions.");
    const taken = either(run, `condition ${name}`, name);
    conditions.set(name, taken);
    return taken;
  }
  conditions.set(name, "open");
  run.state.depth++;
  const result = holds({ ...run, bindings: definition.bindings }, definition.raw, definition.pointer, name);
  run.state.depth--;
  const taken = conditions.get(name);
  // In a cycle it was taken for something on the way.
  if (typeof taken === "boolean") return taken;
  conditions.set(name, result);
  return result;
}

/** A condition by its name or, as `Fn::And` and the like take it, by its expression; `name` is what it is called. */
export function holds(run: Run, raw: Json, pointer: string, name?: string): boolean {
  if (typeof raw === "boolean") return raw;
  const [entry, ...more] = isMap(raw) ? Object.entries(raw) : [];
  if (entry && more.length === 0) {
    const [key, args] = entry;
    const at = join(pointer, key);
    if (key === "Condition" && typeof args === "string") return conditionHolds(run, args, at);
    if (key === "Fn::Equals" && Array.isArray(args) && args.length === 2)
      return equals(run, args[0] as Json, args[1] as Json, at, name);
    if (key === "Fn::Not" && Array.isArray(args) && args.length === 1)
      return !holds(run, args[0] as Json, join(at, 0));
    if (key === "Fn::And" && Array.isArray(args) && args.length > 0)
      return args.every((arg, i) => holds(run, arg, join(at, i)));
    if (key === "Fn::Or" && Array.isArray(args) && args.length > 0)
      return args.some((arg, i) => holds(run, arg, join(at, i)));
    const should = shouldBe[key];
    if (should) misused(run, at, raw, should);
  }
  return either(run, `expression ${identity(run, raw)}`, name ?? describe(raw));
}

const shouldBe: { [name: string]: string } = {
  "Fn::Equals": "a list of two values",
  "Fn::Not": "a list of one condition",
  "Fn::And": "a list of two to ten conditions",
  "Fn::Or": "a list of two to ten conditions",
  Condition: "the name of a condition",
};

function either(run: Run, id: string, subject: string): boolean {
  run.state.decisions++;
  return run.choose({ id, subject }) === 0;
}

function equals(run: Run, a: Json, b: Json, pointer: string, name: string | undefined): boolean {
  const ids = [identity(run, a), identity(run, b)] as const;
  if (ids[0] === ids[1]) return true;
  const left = operand(run, a, join(pointer, 0));
  const right = operand(run, b, join(pointer, 1));
  const known = [left, right].map((node) =>
    node?.type === "scalar" && node.value !== null ? String(node.value) : undefined,
  );
  if (known[0] !== undefined && known[1] !== undefined) return known[0] === known[1];
  const atom = `equals ${[...ids].sort().join(" ")}`;
  const subject = name ?? `${describe(a)} equals ${describe(b)}`;
  const value = known[0] ?? known[1];
  const [raw, node, id] = known[0] === undefined ? [a, left, ids[0]] : [b, right, ids[1]];
  if (value === undefined || !node) return either(run, atom, subject);
  if (!mayBe(node, value) || !admits(run, raw, value)) return false;
  // Compared with one literal, an expression is tried with each that it is compared with, and as none of them: so two
  // comparisons never both hold.
  const values = (run.compared.get(canonical(raw)) ?? []).filter(
    (other) => mayBe(node, other) && admits(run, raw, other),
  );
  const decided = run.state.decided.get(id);
  if (typeof decided === "string") return decided === value;
  if (!values.includes(value)) return either(run, atom, subject);
  return (decided === null ? null : decide(run, id, describe(raw), values, true)) === value;
}

/** The literals that the conditions compare each expression with. */
export function comparedLiterals(conditions: Json): Map<string, string[]> {
  const compared = new Map<string, string[]>();
  const add = (expression: Json, literal: Json) => {
    if (!isScalar(literal) || isScalar(expression)) return;
    const id = canonical(expression);
    const values = compared.get(id) ?? [];
    if (!values.includes(String(literal))) values.push(String(literal));
    compared.set(id, values);
  };
  const walk = (raw: Json): void => {
    if (Array.isArray(raw)) raw.forEach(walk);
    if (!isMap(raw)) return;
    const pair = raw["Fn::Equals"];
    if (Array.isArray(pair) && pair.length === 2) {
      add(pair[0] as Json, pair[1] as Json);
      add(pair[1] as Json, pair[0] as Json);
    }
    Object.values(raw).forEach(walk);
  };
  walk(conditions);
  return compared;
}
