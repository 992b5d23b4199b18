import type { MapNode, Node, SourcePointer } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { referencesOf } from "./configuration.ts";
import { holeOf, originOf, type Use } from "./holes.ts";
import { anyTrue, at } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";

/** A block of a planned data source: its values, where they stand, and what is written for them. */
export interface Block {
  place: SourcePointer;
  /** The value of an argument, with its shape in `after_unknown`. */
  attribute(name: string): { value: Json | undefined; shape: Json | undefined; place: SourcePointer };
  /** The blocks inside it; null where not even their number is known. */
  blocks(name: string): Block[] | null;
  hole(name: string, place: SourcePointer, use: Use): Node & { type: "unknown" };
}

/** The arguments of a data source as one block. */
export const bodyOf = (plan: Plan, source: Resource): Block =>
  blockOf(plan, source, source.valuesAt, source.values, source.unknown, [at(source.written, "expressions")]);

function blockOf(
  plan: Plan,
  source: Resource,
  pointer: string,
  values: Json | undefined,
  unknown: Json | undefined,
  /** What may be written for this block: one block of the configuration where that can be told. */
  written: (Json | undefined)[],
): Block {
  const place = { parsed: plan.parsed, pointer };
  const attribute = (name: string) => ({
    value: at(values, name),
    shape: unknown === true ? true : at(unknown, name),
    place: { parsed: plan.parsed, pointer: `${pointer}/${name}` },
  });
  return {
    place,
    attribute,
    blocks(name) {
      const { value, shape } = attribute(name);
      if (shape === true || (value === null && anyTrue(shape))) return null;
      const items = Array.isArray(value) ? value : [];
      const expressions = written.flatMap((block) => {
        const found = at(block, name);
        return found === undefined ? [] : Array.isArray(found) ? found : [found];
      });
      return items.map((item, i) =>
        blockOf(
          plan,
          source,
          `${pointer}/${name}/${i}`,
          item,
          at(shape, i),
          matching(name, items, i, expressions),
        ),
      );
    },
    hole(name, where, use) {
      const references = written.flatMap((block) => referencesOf(at(block, name)));
      const hole = holeOf(plan, source, originOf(plan, source, references), use, source.address);
      return { type: "unknown", part: hole, at: where };
    },
  };
}

/**
 * The configuration's block of a planned block. Blocks that `dynamic` makes do not stand in the configuration:
 * only where the numbers agree are there none. `principals` and `condition` are sets, whose order is the plan's own.
 */
function matching(name: string, items: Json[], i: number, expressions: Json[]): Json[] {
  const same = (field: string) => (expression: Json) =>
    at(items[i], field) !== undefined && at(expression, field, "constant_value") === at(items[i], field);
  const only = (found: Json[]): Json[] | undefined => (found.length === 1 ? found : undefined);
  if (items.length !== expressions.length)
    return name === "statement" ? (only(expressions.filter(same("sid"))) ?? []) : [];
  if (name === "statement" || items.length === 1) return [expressions[i] as Json];
  if (name === "condition") return only(expressions.filter(same("variable"))) ?? expressions;
  return only(expressions.filter(same("type"))) ?? expressions;
}

interface Statement {
  node: Node;
  complete: boolean;
}

/** A `statement` block as the JSON that the provider makes of it. */
export function statementNode(block: Block): Statement {
  const whole = block.attribute("actions");
  if (!isStatement(block)) {
    return { node: block.hole("actions", whole.place, "other"), complete: false };
  }
  const entries: MapNode["entries"] = [];
  const put = (key: string, value: Node | undefined) => {
    if (value !== undefined) entries.push({ key, value });
  };
  put("Sid", scalarNode(block, "sid"));
  put("Effect", scalarNode(block, "effect") ?? { type: "scalar", value: "Allow", at: block.place });
  const principal = principalNode(block, "principals");
  const notPrincipal = principalNode(block, "not_principals");
  const lists = (["actions", "not_actions", "resources", "not_resources"] as const).map((name) =>
    listNode(block, name, "other"),
  );
  put("Principal", principal);
  put("NotPrincipal", notPrincipal);
  put("Action", lists[0]);
  put("NotAction", lists[1]);
  put("Resource", lists[2]);
  put("NotResource", lists[3]);
  put("Condition", conditionNode(block));
  return {
    node: { type: "map", entries, at: block.place },
    complete:
      [principal, notPrincipal].every((node) => node === undefined || isTold(node, "principal")) &&
      lists.every((node, i) => node === undefined || isTold(node, i < 2 ? "action" : "resource")),
  };
}

/** A null in the list of statements: nothing of it is known. */
const isStatement = (block: Block): boolean =>
  ["actions", "effect", "principals", "resources", "sid"].some((name) => {
    const { value, shape } = block.attribute(name);
    return value !== undefined && shape !== true;
  });

/** Whether what a node leaves unknown is at least known by its kind. */
function isTold(node: Node, what: "principal" | "action" | "resource"): boolean {
  if (node.type === "unknown") {
    if (what === "action") return false;
    const { type } = node.part;
    return what === "resource"
      ? type !== undefined
      : type === "role-arn" || type === "user-arn" || type === "account-id";
  }
  if (node.type === "list") return node.items.every((item) => isTold(item, what));
  // Who a service or an identity provider is hangs on its type, which is known.
  if (node.type === "map") return node.entries.every((e) => !isAccountType(e.key) || isTold(e.value, what));
  return true;
}

const isAccountType = (type: string): boolean => type === "AWS" || type === "*";

/** The provider writes `&{aws:username}` for IAM's `${aws:username}`, which Terraform would fill in itself. */
const scalarOf = (value: Json, place: SourcePointer): Node => ({
  type: "scalar",
  value: typeof value === "string" ? value.replaceAll("&{", "${") : typeof value === "object" ? null : value,
  at: place,
});

/** An argument of one value; the provider leaves out what is empty. */
export function scalarNode(block: Block, name: string): Node | undefined {
  const { value, shape, place } = block.attribute(name);
  if (shape === true) return block.hole(name, place, "other");
  return value === undefined || value === null || value === "" ? undefined : scalarOf(value, place);
}

function listNode(block: Block, name: string, use: Use): Node | undefined {
  const { value, shape, place } = block.attribute(name);
  if (shape === true) return block.hole(name, place, use);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const items = value.map((item, i) => {
    const here = { ...place, pointer: `${place.pointer}/${i}` };
    return item === null || at(shape, i) === true ? block.hole(name, here, use) : scalarOf(item, here);
  });
  return { type: "list", items, at: place };
}

function principalNode(block: Block, name: string): Node | undefined {
  const blocks = block.blocks(name);
  const { place } = block.attribute(name);
  if (blocks === null) return block.hole(name, place, "principal");
  const entries: MapNode["entries"] = [];
  for (const principal of blocks) {
    const type = principal.attribute("type");
    if (typeof type.value !== "string") return principal.hole("type", type.place, "principal");
    const use = isAccountType(type.value) ? "principal" : "other";
    const where = principal.attribute("identifiers").place;
    const identifiers = listNode(principal, "identifiers", use) ?? { type: "list", items: [], at: where };
    const [first] = identifiers.type === "list" ? identifiers.items : [];
    if (blocks.length === 1 && type.value === "*" && first?.type === "scalar" && first.value === "*")
      return first;
    const other = entries.find((entry) => entry.key === type.value);
    if (other === undefined) entries.push({ key: type.value, value: identifiers });
    else other.value = joined(other.value, identifiers);
  }
  return entries.length === 0 ? undefined : { type: "map", entries, at: place };
}

const joined = (one: Node, other: Node): Node => {
  const items = [one, other].flatMap((node) => (node.type === "list" ? node.items : [node]));
  return { type: "list", items, at: one.at };
};

const accountKeys = /^(kms:calleraccount|aws:(principal|source|resource)account)$/i;

function conditionNode(block: Block): Node | undefined {
  const blocks = block.blocks("condition");
  const { place } = block.attribute("condition");
  if (blocks === null) return block.hole("condition", place, "other");
  const operators: MapNode = { type: "map", entries: [], at: place };
  for (const condition of blocks) {
    const test = condition.attribute("test").value;
    const variable = condition.attribute("variable").value;
    if (typeof test !== "string" || typeof variable !== "string")
      return condition.hole(typeof test === "string" ? "variable" : "test", condition.place, "other");
    const where = condition.attribute("values").place;
    const use = accountKeys.test(variable) ? "account" : "other";
    const values = listNode(condition, "values", use) ?? { type: "list", items: [], at: where };
    let keys = operators.entries.find((entry) => entry.key === test)?.value;
    if (keys?.type !== "map") {
      keys = { type: "map", entries: [], at: condition.place };
      operators.entries.push({ key: test, value: keys });
    }
    const other = keys.entries.find((entry) => entry.key === variable);
    if (other === undefined) keys.entries.push({ key: variable, value: values });
    else other.value = joined(other.value, values);
  }
  return operators.entries.length === 0 ? undefined : operators;
}
