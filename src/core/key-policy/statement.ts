import type { Condition, IdentityStatement, PolicyProblem, Principal, Statement } from "../model/document.ts";
import { child, locationOf, type MapNode, type Node, textOf } from "../model/node.ts";
import { truncated } from "../model/truncated.ts";
import { actionsOf } from "./action.ts";
import { conditionOf, markRequiredPresence, parseOperator, unknownCondition } from "./condition.ts";
import type { PolicyContext } from "./context.ts";
import { decodeString, type EncodedString, encodeString, toUnknown } from "./pattern.ts";
import { principalOf } from "./principal.ts";
import { matchesOwnKey } from "./resource.ts";
import { matchesSomeKey, targetOf } from "./target.ts";

const elementNames =
  "Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition".split(" ");

/** In characters. A message quotes values of the policy. */
export const MAX_MESSAGE = 500;

/**
 * Returns a normalized statement, or the problems that prevent normalization.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function statementOf(
  node: Node,
  index: number,
  context: PolicyContext,
): Statement | IdentityStatement | PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const { address } = context;
  const report = (at: Node, message: string) => {
    problems.push({
      message: truncated(`${statementName(node, index)} ${message}`, MAX_MESSAGE),
      location: locationOf(at.at, address),
    });
  };
  if (node.type !== "map") {
    report(node, `is ${nodeKind(node)}; an object is required`);
    return problems;
  }
  for (const { key, value } of node.entries) {
    if (elementNames.includes(key) && !(context.identity === true && /^(Not)?Principal$/.test(key))) continue;
    if (key.includes("⟨")) continue;
    const intended = elementNames.find((element) => element.toLowerCase() === key.toLowerCase());
    report(
      value,
      `has an unknown element ${key}${intended === undefined ? "" : `; the correct spelling is ${intended}`}`,
    );
  }

  const effect = effectOf(child(node, "Effect"), node, report);
  const principal = context.identity === true ? null : elementOrNegation(node, "Principal", report);
  const action = elementOrNegation(node, "Action", report);
  const resource = elementOrNegation(node, "Resource", report);
  const principals = principal === null ? [] : principalsOf(principal.value, principal.key, address, report);
  const actionNodes = action === null ? [] : stringItems(action.value, action.key, report);
  const resourceNodes = resource === null ? [] : stringItems(resource.value, resource.key, report);
  const conditions = markRequiredPresence(conditionsOf(child(node, "Condition"), address, report));
  const sid = child(node, "Sid");
  if (sid !== undefined && textOf(sid) === null)
    report(sid, `has ${nodeKind(sid)} as Sid; a string is required`);
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
    resources: resourceNodes.map((item) => decodeString(encodeString(item) as EncodedString)),
    notResource,
    matchesKey:
      targets === null
        ? matchesOwnKey(resourceNodes, { notResource, isAllow: effect === "Allow" }, context)
        : matchesSomeKey(targets, notResource),
    conditions,
    access: [],
    location: locationOf(node.at, address),
    ...(targets === null ? {} : { targets }),
  };
}

type AddProblem = (at: Node, message: string) => void;

const statementName = (node: Node, index: number): string => {
  const sid = child(node, "Sid");
  const text = sid === undefined ? null : textOf(sid);
  return text === null || text === "" ? `statement ${index + 1}` : `statement "${truncated(text)}"`;
};

export function nodeKind(node: Node): string {
  if (node.type === "list") return node.items.length === 0 ? "an empty list" : "a list";
  if (node.type === "map") return node.entries.length === 0 ? "an empty object" : "an object";
  if (node.type !== "scalar") return "a string";
  if (node.value === null) return "null";
  return typeof node.value === "string" ? "a string" : `a ${typeof node.value}`;
}

function effectOf(node: Node | undefined, statement: Node, report: AddProblem): Statement["effect"] | null {
  if (node === undefined || isNull(node)) {
    report(statement, "has no Effect");
    return null;
  }
  if (node.type === "unknown") return toUnknown(node.part);
  const text = textOf(node);
  if (text === "Allow" || text === "Deny") return text;
  report(
    node,
    text === null
      ? `has ${nodeKind(node)} as Effect; the valid values are Allow and Deny`
      : `has the Effect "${text}"; the valid values are Allow and Deny`,
  );
  return null;
}

const isNull = (node: Node): boolean => node.type === "scalar" && node.value === null;

/** Returns the element or its negation (`NotAction`); reports a problem unless exactly one of them is present. */
function elementOrNegation(
  node: MapNode,
  name: string,
  report: AddProblem,
): { key: string; value: Node } | null {
  const found = node.entries.filter((e) => (e.key === name || e.key === `Not${name}`) && !isNull(e.value));
  if (found.length === 1) return found[0] as { key: string; value: Node };
  report(node, found.length === 0 ? `has no ${name}` : `has both ${name} and Not${name}`);
  return null;
}

/** Returns the items of a scalar or a list. Reports an empty list, an empty string, and values that are not strings. */
function stringItems(node: Node, name: string, report: AddProblem): Node[] {
  const items = node.type === "list" ? node.items : [node];
  if (items.length === 0) report(node, `has an empty ${name}`);
  for (const item of items) {
    if (textOf(item) === "") report(item, `has an empty ${items.length > 1 ? "string in " : ""}${name}`);
    else if (textOf(item) === null) report(item, `has ${nodeKind(item)} in ${name}; a string is required`);
  }
  return items;
}

function principalsOf(node: Node, name: string, address: string, report: AddProblem): Principal[] {
  if (node.type === "unknown" || textOf(node) === "*") return [principalOf("*", node, address)];
  if (node.type !== "map" || node.entries.length === 0) {
    if (node.type === "map" || textOf(node) === "") report(node, `has an empty ${name}`);
    else report(node, `has ${nodeKind(node)} as ${name}; use {"AWS": …}, {"Service": …}, or "*"`);
    return [];
  }
  return node.entries.flatMap(({ key, value }) => {
    const items = stringItems(value, name, report);
    return items.every((item) => textOf(item) !== null)
      ? items.map((item) => principalOf(key, item, address))
      : [];
  });
}

function conditionsOf(node: Node | undefined, address: string, report: AddProblem): Condition[] {
  if (node === undefined) return [];
  if (node.type === "unknown") return [unknownCondition(node, address)];
  if (node.type !== "map") {
    report(node, `has ${nodeKind(node)} as Condition; an object is required`);
    return [];
  }
  return node.entries.flatMap(({ key: name, value: keys }) => {
    const operator = parseOperator(name);
    if (operator === null) {
      const expression = /⟨(.*)⟩/.exec(name)?.[1];
      if (expression !== undefined) {
        const part = { reason: "its value is not in the input", expression };
        return [unknownCondition({ type: "unknown", part, at: keys.at }, address)];
      }
      report(keys, `has a Condition with ${name}, which is not a condition operator`);
      return [];
    }
    if (keys.type === "unknown") return [unknownCondition(keys, address)];
    if (keys.type !== "map") {
      report(keys, `has ${nodeKind(keys)} under ${name}; an object of condition keys is required`);
      return [];
    }
    return keys.entries.flatMap(({ key, value }) => {
      const items = value.type === "list" ? value.items : [value];
      const invalid = items.find((item) => textOf(item) === null);
      if (invalid !== undefined) {
        report(invalid, `has ${nodeKind(invalid)} as a value of ${key}; a string is required`);
        return [];
      }
      return [conditionOf(operator, key, items, value, address)];
    });
  });
}
