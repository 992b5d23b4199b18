import type { Policy, PolicyProblem, Statement } from "../model/document.ts";
import {
  child,
  fromJson,
  locationOf,
  type Node,
  type SourcePointer,
  textNode,
  textOf,
} from "../model/node.ts";
import type { Parsed, Problem } from "../model/source.ts";
import { parseEmbeddedJson, parseJson } from "../parse/json.ts";
import { childAt, valueAt } from "../parse/pointer.ts";
import type { PolicyContext } from "./context.ts";
import { measure } from "./measure.ts";
import { type Coded, coded, decode, hasHole, holeAt } from "./pattern.ts";
import { kindOf, statementOf } from "./statement.ts";

/**
 * A key policy in canonical form. `node` is the policy as it is written: a map (the document, or a single
 * statement), a list of statements, a JSON string of one of these, unknown, or undefined where there is none.
 * Never throws: what is wrong with the policy stands in `problems`.
 */
export function policyOf(node: Node | undefined, context: PolicyContext): Policy {
  const base = {
    statements: [],
    problems: [],
    ...(context.attachedBy === undefined ? {} : { attachedBy: context.attachedBy }),
    ...(context.sensitive === true ? { sensitive: true } : {}),
  };
  // An empty string or null is no policy: AWS attaches its default.
  if (node === undefined || (node.type === "scalar" && (node.value === null || node.value === "")))
    return { ...base, state: "absent" };
  const located = { ...base, location: locationOf(node.at, context.address) };
  if (node.type === "unknown") {
    const { reason, expression } = node.hole;
    return { ...located, state: "unresolved", unknown: { reason, expression } };
  }
  if (node.type === "list") return { ...located, ...documentOf(node, context) };
  if (node.type === "map") return { ...located, ...documentOf(node, context) };
  const length = textOf(node)?.length ?? 0;
  if (length > MAX_LENGTH) {
    const message = `the policy's text has ${length} characters, and KMS takes 32,768 bytes`;
    return { ...located, state: "unreadable", problems: [{ message, location: located.location }] };
  }
  const inner = documentIn(node);
  if ("message" in inner)
    return { ...located, state: "unreadable", problems: [unreadable(inner, located.location)] };
  return { ...located, ...documentOf(inner, context) };
}

/** Of a text beyond this nothing is read; KMS's own limit is the matter of a rule. */
const MAX_LENGTH = 1_000_000;

type Content = Pick<
  Policy,
  "state" | "statements" | "problems" | "version" | "hasUnknownStatements" | "unknown" | "size" | "canonical"
>;

const elements = ["Version", "Id", "Statement"];
const isStatement = (node: Node): boolean =>
  ["Effect", "Principal", "Action", "NotPrincipal", "NotAction"].some(
    (key) => child(node, key) !== undefined,
  );

function documentOf(node: Node, context: PolicyContext): Content {
  const problems: PolicyProblem[] = [];
  const problem = (at: Node, message: string) =>
    problems.push({ message, location: locationOf(at.at, context.address) });
  const unreadableAs = (at: Node, message: string): Content => {
    problem(at, message);
    return { state: "unreadable", statements: [], problems };
  };

  let list: Node | undefined = node;
  if (node.type === "map") {
    list = child(node, "Statement");
    if (list === undefined && isStatement(node)) list = node;
    else {
      for (const { key, value } of node.entries) {
        if (!elements.includes(key)) problem(value, `the policy has an unknown element ${key}`);
        else if (key !== "Statement" && (value.type === "list" || value.type === "map"))
          problem(value, `the policy's ${key} is ${kindOf(value)}, where a string has to stand`);
      }
    }
  } else if (node.type !== "list") {
    return unreadableAs(node, `the policy is ${kindOf(node)}, where an object with a Statement has to stand`);
  }
  if (list === undefined) return unreadableAs(node, "the policy has no Statement");
  if (list.type === "unknown") {
    const { reason, expression } = list.hole;
    return { state: "unresolved", statements: [], problems, unknown: { reason, expression } };
  }
  if (list.type !== "list" && list.type !== "map")
    return unreadableAs(
      list,
      `the policy's Statement is ${kindOf(list)}, where a list of statements has to stand`,
    );
  const items = list.type === "list" ? list.items : [list];
  if (items.length === 0) return unreadableAs(list, "the policy has no Statement: the list is empty");

  const statements: Statement[] = [];
  let more: Policy["unknown"];
  items.forEach((item, index) => {
    if (item.type === "unknown") {
      more ??= { reason: item.hole.reason, expression: item.hole.expression };
      return;
    }
    const result = statementOf(item, index, context);
    if (Array.isArray(result)) problems.push(...result);
    else statements.push(result);
  });
  if (more !== undefined && statements.length === 0 && problems.length === 0)
    return { state: "unresolved", statements, problems, unknown: more };
  const version = node.type === "map" ? child(node, "Version") : undefined;
  return {
    state: "resolved",
    statements,
    problems,
    ...(version?.type === "list" || version?.type === "map"
      ? {}
      : { version: version === undefined ? null : textOf(version) }),
    ...(more === undefined ? {} : { hasUnknownStatements: true, unknown: more }),
    ...(context.identity === true ? {} : measure(node, items, context.address)),
  };
}

/** The document in a JSON string; a string of a string too, as copies from a terminal have it. */
function documentIn(node: Node & { type: "scalar" | "text" }): Node | Problem {
  const text = coded(node) as Coded;
  const parsed = text.holes.length === 0 ? parseEmbeddedJson(node.at, text.code) : parseHoled(text, node.at);
  if ("message" in parsed) return parsed;
  const value = restore(fromJson(parsed, node.at.pointer), text);
  if (value.type !== "scalar" || typeof value.value !== "string") return value;
  const again = parseEmbeddedJson(value.at, value.value);
  return "message" in again ? again : fromJson(again, value.at.pointer);
}

/** JSON with holes: one outside a string stands for a value, and gets quotes to be one. */
function parseHoled(text: Coded, at: SourcePointer): Parsed | Problem {
  let quoted = "";
  let inside = false;
  for (let i = 0; i < text.code.length; i++) {
    const char = text.code[i] as string;
    if (inside && char === "\\") quoted += char + (text.code[++i] ?? "");
    else {
      if (char === '"') inside = !inside;
      quoted += !inside && hasHole(char) ? `"${char}"` : char;
    }
  }
  if (at.parsed.locatesEmbeddedJson === true) return parseEmbeddedJson(at, quoted);
  const range = at.parsed.locate(at.pointer);
  const parsed = parseJson({ path: at.parsed.source.path, text: quoted });
  if ("message" in parsed) return { ...parsed, line: range.start.line, column: range.start.column };
  const written = asWritten(at);
  const locate = (pointer: string) => (written === null ? range : written(pointer));
  return { source: at.parsed.source, value: parsed.value, locate };
}

/**
 * Positions in the text of a Fn::Sub: with its references in it the text is JSON of the same shape, as long as they
 * stand inside strings. Null where they do not, and where the text comes from elsewhere.
 */
function asWritten(at: SourcePointer): Parsed["locate"] | null {
  const value = valueAt(at.parsed.value, at.pointer);
  const sub = childAt(value, "Fn::Sub");
  const text = Array.isArray(sub) ? sub[0] : sub;
  if (typeof text !== "string") return null;
  const pointer = `${at.pointer}/Fn::Sub${Array.isArray(sub) ? "/0" : ""}`;
  const inner = parseEmbeddedJson({ ...at, pointer }, text);
  if ("message" in inner) return null;
  return (full) => inner.locate(full.startsWith(at.pointer) ? pointer + full.slice(at.pointer.length) : full);
}

/** Puts the holes back in where their characters stand. */
function restore(node: Node, text: Coded): Node {
  if (text.holes.length === 0) return node;
  if (node.type === "list") return { ...node, items: node.items.map((item) => restore(item, text)) };
  if (node.type === "map")
    return {
      ...node,
      entries: node.entries.map((e) => ({ key: decode(text, e.key), value: restore(e.value, text) })),
    };
  if (node.type !== "scalar" || typeof node.value !== "string" || !hasHole(node.value)) return node;
  const parts = node.value
    .split(/([\uE000-\uF8FF])/)
    .map((part) => (hasHole(part) ? (holeAt(text, part) ?? part) : part));
  return textNode(parts, node.at);
}

const unreadable = (problem: Problem, location: PolicyProblem["location"]): PolicyProblem => ({
  message: `the policy's text is not JSON: ${problem.message.replace(/\.$/, "")}`,
  location:
    problem.line === undefined
      ? location
      : {
          ...location,
          line: problem.line,
          column: problem.column ?? 1,
          endLine: problem.line,
          endColumn: (problem.column ?? 1) + 1,
        },
});
