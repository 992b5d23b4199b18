import type { Condition, IdentityStatement, PolicyProblem, Principal, Statement } from "../model/document.ts";
import { child, locationOf, type MapNode, type Node, textOf } from "../model/node.ts";
import { actionsOf } from "./action.ts";
import { conditionOf, operatorOf, unknownCondition, withDemands } from "./condition.ts";
import type { PolicyContext } from "./context.ts";
import { type Coded, coded, decode, unknown } from "./pattern.ts";
import { principalOf } from "./principal.ts";
import { onKey } from "./resource.ts";
import { onSomeKey, targetOf } from "./target.ts";

const elements = "Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition".split(
  " ",
);

/**
 * One statement in canonical form, or what keeps it from being one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function statementOf(
  node: Node,
  index: number,
  context: PolicyContext,
): Statement | IdentityStatement | PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const { address } = context;
  const wrong = (at: Node, message: string) => {
    problems.push({ message: `${nameOf(node, index)} ${message}`, location: locationOf(at.at, address) });
  };
  if (node.type !== "map") {
    wrong(node, `is ${kindOf(node)}, where an object has to stand`);
    return problems;
  }
  for (const { key, value } of node.entries) {
    if (elements.includes(key) && !(context.identity === true && /^(Not)?Principal$/.test(key))) continue;
    const meant = elements.find((element) => element.toLowerCase() === key.toLowerCase());
    wrong(value, `has an unknown element ${key}${meant === undefined ? "" : `: it is spelled ${meant}`}`);
  }

  const effect = effectOf(child(node, "Effect"), node, wrong);
  const principal = context.identity === true ? null : oneOf(node, "Principal", wrong);
  const action = oneOf(node, "Action", wrong);
  const resource = oneOf(node, "Resource", wrong);
  const principals = principal === null ? [] : principalsOf(principal.value, principal.key, address, wrong);
  const actionNodes = action === null ? [] : strings(action.value, action.key, wrong);
  const resourceNodes = resource === null ? [] : strings(resource.value, resource.key, wrong);
  const conditions = withDemands(conditionsOf(child(node, "Condition"), address, wrong));
  const sid = child(node, "Sid");
  if (sid !== undefined && textOf(sid) === null)
    wrong(sid, `has a Sid that is ${kindOf(sid)}, where a string has to stand`);
  if (problems.length > 0 || effect === null) return problems;

  const notResource = resource?.key === "NotResource";
  const targets = context.identity === true ? resourceNodes.map((item) => targetOf(item, address)) : null;
  return {
    index,
    sid: sid === undefined ? null : textOf(sid),
    effect,
    principals,
    notPrincipal: principal?.key === "NotPrincipal",
    notAction: action?.key === "NotAction",
    ...actionsOf(actionNodes, action?.key === "NotAction", address),
    resources: resourceNodes.map((item) => decode(coded(item) as Coded)),
    notResource,
    matchesKey:
      targets === null ? onKey(resourceNodes, notResource, context) : onSomeKey(targets, notResource),
    conditions,
    location: locationOf(node.at, address),
    ...(targets === null ? {} : { targets }),
  };
}

type Wrong = (at: Node, message: string) => void;

const nameOf = (node: Node, index: number): string => {
  const sid = child(node, "Sid");
  const text = sid === undefined ? null : textOf(sid);
  return text === null || text === "" ? `statement ${index + 1}` : `statement "${text}"`;
};

export function kindOf(node: Node): string {
  if (node.type === "list") return node.items.length === 0 ? "an empty list" : "a list";
  if (node.type === "map") return node.entries.length === 0 ? "an empty object" : "an object";
  if (node.type !== "scalar") return "a string";
  if (node.value === null) return "null";
  return typeof node.value === "string" ? "a string" : `a ${typeof node.value}`;
}

function effectOf(node: Node | undefined, statement: Node, wrong: Wrong): Statement["effect"] | null {
  if (node === undefined || isNull(node)) {
    wrong(statement, "has no Effect");
    return null;
  }
  if (node.type === "unknown") return unknown(node.hole);
  const text = textOf(node);
  if (text === "Allow" || text === "Deny") return text;
  wrong(
    node,
    `has the Effect ${text === null ? `of ${kindOf(node)}` : `"${text}"`}: Allow and Deny are the two there are`,
  );
  return null;
}

const isNull = (node: Node): boolean => node.type === "scalar" && node.value === null;

/** The one of an element and its Not form that is there. */
function oneOf(node: MapNode, name: string, wrong: Wrong): { key: string; value: Node } | null {
  const found = node.entries.filter((e) => (e.key === name || e.key === `Not${name}`) && !isNull(e.value));
  if (found.length === 1) return found[0] as { key: string; value: Node };
  wrong(node, found.length === 0 ? `has no ${name}` : `has both ${name} and Not${name}`);
  return null;
}

/** The strings of a scalar or a list; neither may be empty. */
function strings(node: Node, name: string, wrong: Wrong): Node[] {
  const items = node.type === "list" ? node.items : [node];
  if (items.length === 0) wrong(node, `has an empty ${name}`);
  for (const item of items) {
    if (textOf(item) === "") wrong(item, `has an empty ${items.length > 1 ? "string in " : ""}${name}`);
    else if (textOf(item) === null)
      wrong(item, `has ${kindOf(item)} in ${name}, where a string has to stand`);
  }
  return items;
}

function principalsOf(node: Node, name: string, address: string, wrong: Wrong): Principal[] {
  if (node.type === "unknown" || textOf(node) === "*") return [principalOf("*", node, address)];
  if (node.type !== "map" || node.entries.length === 0) {
    if (node.type === "map" || textOf(node) === "") wrong(node, `has an empty ${name}`);
    else wrong(node, `has ${kindOf(node)} as ${name}: write {"AWS": …}, {"Service": …} or "*"`);
    return [];
  }
  return node.entries.flatMap(({ key, value }) => {
    const items = strings(value, name, wrong);
    return items.every((item) => textOf(item) !== null)
      ? items.map((item) => principalOf(key, item, address))
      : [];
  });
}

function conditionsOf(node: Node | undefined, address: string, wrong: Wrong): Condition[] {
  if (node === undefined) return [];
  if (node.type === "unknown") return [unknownCondition(node, address)];
  if (node.type !== "map") {
    wrong(node, `has ${kindOf(node)} as Condition, where an object has to stand`);
    return [];
  }
  return node.entries.flatMap(({ key: written, value: keys }) => {
    const operator = operatorOf(written);
    if (operator === null) {
      const hole = /⟨(.*)⟩/.exec(written)?.[1];
      if (hole !== undefined) {
        const unknown = { reason: "not known", expression: hole };
        return [unknownCondition({ type: "unknown", hole: unknown, at: keys.at }, address)];
      }
      wrong(keys, `has a Condition with ${written}, which is no condition operator`);
      return [];
    }
    if (keys.type === "unknown") return [unknownCondition(keys, address)];
    if (keys.type !== "map") {
      wrong(keys, `has ${kindOf(keys)} under ${written}, where an object of condition keys has to stand`);
      return [];
    }
    return keys.entries.flatMap(({ key, value }) => {
      const items = value.type === "list" ? value.items : [value];
      const odd = items.find((item) => textOf(item) === null);
      if (odd !== undefined) {
        wrong(odd, `has ${kindOf(odd)} as a value of ${key}, where a string has to stand`);
        return [];
      }
      return [conditionOf(operator, key, items, value, address)];
    });
  });
}
