import type { MapNode, Node, SourcePointer, UnknownPartType } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { anyTrue, jsonAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import { originOf, unknownFromReferences, type ValueUse } from "./unknown-values.ts";

/** A block of a planned data source: its values, their positions and their expressions. */
export interface DocumentBlock {
  position: SourcePointer;
  /** Returns the value of an argument and its part of `after_unknown`. */
  attribute(name: string): { value: Json | undefined; shape: Json | undefined; position: SourcePointer };
  /** Returns the nested blocks; null if their number is unknown. */
  blocks(name: string): DocumentBlock[] | null;
  /** Returns the unknown value of an argument. */
  unknownNode(name: string, position: SourcePointer, use: ValueUse): Node & { type: "unknown" };
}

/** Returns the arguments of a data source as a block. The provider of `holder` determines whose account the owner is. */
export const rootBlock = (plan: Plan, source: PlanResource, holder: PlanResource): DocumentBlock =>
  blockOf(plan, source, holder, source.valuesPointer, source.values, source.afterUnknown, [
    jsonAt(source.config, "expressions"),
  ]);

function blockOf(
  plan: Plan,
  source: PlanResource,
  holder: PlanResource,
  pointer: string,
  values: Json | undefined,
  afterUnknown: Json | undefined,
  /** The configuration blocks that this block can come from; one if that is certain. */
  config: (Json | undefined)[],
): DocumentBlock {
  const position = { parsed: plan.parsed, pointer };
  const attribute = (name: string) => ({
    value: jsonAt(values, name),
    shape: afterUnknown === true ? true : jsonAt(afterUnknown, name),
    position: { parsed: plan.parsed, pointer: `${pointer}/${name}` },
  });
  return {
    position: position,
    attribute,
    blocks(name) {
      const { value, shape } = attribute(name);
      if (shape === true || (value === null && anyTrue(shape))) return null;
      const items = Array.isArray(value) ? value : [];
      const expressions = config.flatMap((block) => {
        const nested = jsonAt(block, name);
        return nested === undefined ? [] : Array.isArray(nested) ? nested : [nested];
      });
      return items.map((item, i) =>
        blockOf(
          plan,
          source,
          holder,
          `${pointer}/${name}/${i}`,
          item,
          jsonAt(shape, i),
          configBlocksFor(name, items, i, expressions),
        ),
      );
    },
    unknownNode(name, position, use) {
      const references = config.flatMap((block) => referencesOf(jsonAt(block, name)));
      const part = unknownFromReferences(
        plan,
        holder,
        originOf(plan, source, references),
        use,
        source.address,
      );
      return { type: "unknown", part, at: position };
    },
  };
}

/**
 * Returns the configuration blocks that a planned block can come from. The configuration contains no `dynamic` blocks, so
 * blocks correspond to each other only if their numbers are equal. `principals` and `condition` are sets, which a plan
 * sorts in its own order.
 */
function configBlocksFor(name: string, items: Json[], i: number, expressions: Json[]): Json[] {
  const hasSame = (field: string) => (expression: Json) =>
    jsonAt(items[i], field) !== undefined &&
    jsonAt(expression, field, "constant_value") === jsonAt(items[i], field);
  const onlyOne = (blocks: Json[]): Json[] | undefined => (blocks.length === 1 ? blocks : undefined);
  if (items.length !== expressions.length)
    return name === "statement" ? (onlyOne(expressions.filter(hasSame("sid"))) ?? []) : [];
  if (name === "statement" || items.length === 1) return [expressions[i] as Json];
  if (name === "condition") return onlyOne(expressions.filter(hasSame("variable"))) ?? expressions;
  return onlyOne(expressions.filter(hasSame("type"))) ?? expressions;
}

interface StatementResult {
  node: Node;
  complete: boolean;
}

/** Returns the policy statement that the provider creates from a `statement` block. */
export function statementNode(block: DocumentBlock): StatementResult {
  if (!isStatement(block))
    return {
      node: block.unknownNode("actions", block.attribute("actions").position, "other"),
      complete: false,
    };
  const entries: MapNode["entries"] = [];
  const put = (key: string, value: Node | undefined) => {
    if (value !== undefined) entries.push({ key, value });
  };
  put("Sid", scalarNode(block, "sid"));
  put("Effect", scalarNode(block, "effect") ?? { type: "scalar", value: "Allow", at: block.position });
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
    node: { type: "map", entries, at: block.position },
    complete:
      [principal, notPrincipal].every((node) => node === undefined || isIdentified(node, "principal")) &&
      lists.every((node, i) => node === undefined || isIdentified(node, i < 2 ? "action" : "resource")),
  };
}

/** Returns false for a null in the list of statements, which represents an entirely unknown statement. */
const isStatement = (block: DocumentBlock): boolean =>
  ["actions", "effect", "principals", "resources", "sid"].some((name) => {
    const { value, shape } = block.attribute(name);
    return value !== undefined && shape !== true;
  });

/** Returns whether a node is known, or its unknown values have a known type. */
function isIdentified(node: Node, element: "principal" | "action" | "resource"): boolean {
  if (node.type === "unknown") {
    if (element === "action") return false;
    const { type } = node.part;
    return element === "resource" ? type !== undefined : type !== undefined && identityTypes.has(type);
  }
  if (node.type === "list") return node.items.every((item) => isIdentified(item, element));
  // The identity of a service or identity provider depends on the type only, which is known.
  if (node.type === "map")
    return node.entries.every((e) => !isAccountType(e.key) || isIdentified(e.value, element));
  return true;
}

const identityTypes: ReadonlySet<UnknownPartType> = new Set([
  "account-id",
  "assumed-role-arn",
  "role-arn",
  "user-arn",
]);

const isAccountType = (type: string): boolean => type === "AWS" || type === "*";

/** The provider uses `&{aws:username}` for the policy variable `${aws:username}`, because Terraform interpolates `${`. */
const scalarOf = (value: Json, position: SourcePointer): Node => ({
  type: "scalar",
  value: typeof value === "string" ? value.replaceAll("&{", "${") : typeof value === "object" ? null : value,
  at: position,
});

/** Returns an argument with a single value. The provider omits empty values. */
export function scalarNode(block: DocumentBlock, name: string): Node | undefined {
  const { value, shape, position } = block.attribute(name);
  if (shape === true) return block.unknownNode(name, position, "other");
  return value === undefined || value === null || value === "" ? undefined : scalarOf(value, position);
}

function listNode(block: DocumentBlock, name: string, use: ValueUse): Node | undefined {
  const { value, shape, position } = block.attribute(name);
  if (shape === true) return block.unknownNode(name, position, use);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const items = value.map((item, i) => {
    const itemPosition = { ...position, pointer: `${position.pointer}/${i}` };
    return item === null || jsonAt(shape, i) === true
      ? block.unknownNode(name, itemPosition, use)
      : scalarOf(item, itemPosition);
  });
  return { type: "list", items, at: position };
}

function principalNode(block: DocumentBlock, name: string): Node | undefined {
  const blocks = block.blocks(name);
  const { position } = block.attribute(name);
  if (blocks === null) return block.unknownNode(name, position, "principal");
  const entries: MapNode["entries"] = [];
  for (const principal of blocks) {
    const type = principal.attribute("type");
    if (typeof type.value !== "string") return principal.unknownNode("type", type.position, "principal");
    const use = isAccountType(type.value) ? "principal" : "other";
    const identifiersPosition = principal.attribute("identifiers").position;
    const identifiers = listNode(principal, "identifiers", use) ?? {
      type: "list",
      items: [],
      at: identifiersPosition,
    };
    const [first] = identifiers.type === "list" ? identifiers.items : [];
    if (blocks.length === 1 && type.value === "*" && first?.type === "scalar" && first.value === "*")
      return first;
    const other = entries.find((entry) => entry.key === type.value);
    if (other === undefined) entries.push({ key: type.value, value: identifiers });
    else other.value = concatLists(other.value, identifiers);
  }
  return entries.length === 0 ? undefined : { type: "map", entries, at: position };
}

const concatLists = (first: Node, second: Node): Node => {
  const items = [first, second].flatMap((node) => (node.type === "list" ? node.items : [node]));
  return { type: "list", items, at: first.at };
};

const accountKeys = /^(kms:calleraccount|aws:(principal|source|resource)account)$/i;

function conditionNode(block: DocumentBlock): Node | undefined {
  const blocks = block.blocks("condition");
  const { position } = block.attribute("condition");
  if (blocks === null) return block.unknownNode("condition", position, "other");
  const operators: MapNode = { type: "map", entries: [], at: position };
  for (const condition of blocks) {
    const test = condition.attribute("test").value;
    const variable = condition.attribute("variable").value;
    if (typeof test !== "string" || typeof variable !== "string")
      return condition.unknownNode(
        typeof test === "string" ? "variable" : "test",
        condition.position,
        "other",
      );
    const valuesPosition = condition.attribute("values").position;
    const use = accountKeys.test(variable) ? "account" : "other";
    const values = listNode(condition, "values", use) ?? { type: "list", items: [], at: valuesPosition };
    let keys = operators.entries.find((entry) => entry.key === test)?.value;
    if (keys?.type !== "map") {
      keys = { type: "map", entries: [], at: condition.position };
      operators.entries.push({ key: test, value: keys });
    }
    const other = keys.entries.find((entry) => entry.key === variable);
    if (other === undefined) keys.entries.push({ key: variable, value: values });
    else other.value = concatLists(other.value, values);
  }
  return operators.entries.length === 0 ? undefined : operators;
}
