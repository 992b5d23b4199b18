import type { Policy, PolicyProblem, PolicySize, Statement, UnknownStatement } from "../model/document.ts";
import {
  child,
  fromJson,
  locationOf,
  type Node,
  type SourcePointer,
  textNode,
  textOf,
  type UnknownPart,
} from "../model/node.ts";
import type { Parsed, Problem } from "../model/source.ts";
import { truncated } from "../model/truncated.ts";
import { parseEmbeddedJson, parseJson } from "../parse/json.ts";
import { childAt, valueAt } from "../parse/pointer.ts";
import { canonicalStatements } from "./canonical.ts";
import type { PolicyContext } from "./context.ts";
import { decodeString, type EncodedString, encodeString, hasUnknownPart, unknownPartAt } from "./pattern.ts";
import { policySize } from "./size.ts";
import { MAX_MESSAGE, nodeKind, statementOf } from "./statement.ts";

/**
 * Normalizes a key policy. `node` is a map (a policy document or a single statement), a list of statements, a JSON string
 * of one of these, an unknown node, or undefined if there is no policy. Never throws: errors are in `problems`.
 */
export function normalizePolicy(node: Node | undefined, context: PolicyContext): Policy {
  const base = {
    statements: [],
    problems: [],
    ...(context.attachedBy === undefined ? {} : { attachedBy: context.attachedBy }),
    ...(context.sensitive === true ? { sensitive: true } : {}),
  };
  // AWS attaches the default key policy if the policy is null or an empty string.
  if (node === undefined || (node.type === "scalar" && (node.value === null || node.value === "")))
    return { ...base, state: "absent" };
  const located = { ...base, location: locationOf(node.at, context.address) };
  const unresolved = ({ reason, expression }: UnknownPart): Policy => ({
    ...located,
    state: "unresolved",
    unknown: { reason, expression },
  });
  if (node.type === "unknown") return unresolved(node.part);
  if (node.type === "list") return { ...located, ...normalizeDocument(node, context) };
  if (node.type === "map") return { ...located, ...normalizeDocument(node, context) };
  const length = textOf(node)?.length ?? 0;
  if (length > MAX_LENGTH) {
    const message = `the policy is ${length} characters long; AWS KMS accepts at most 32,768 bytes`;
    return { ...located, state: "unreadable", problems: [{ message, location: located.location }] };
  }
  const inner = parseDocument(node);
  if ("message" in inner)
    return { ...located, state: "unreadable", problems: [parseProblem(inner, located.location)] };
  if (inner.type === "unknown") return unresolved(inner.part);
  return { ...located, ...normalizeDocument(inner, context) };
}

/** In characters. Longer policies are not parsed; a rule checks the AWS KMS limit itself. */
const MAX_LENGTH = 1_000_000;

/** Four times the AWS KMS limit. The rules evaluate policies up to this size, so that a policy can be reduced step by step. */
const MAX_BYTES = 131_072;

type DocumentContent = Pick<
  Policy,
  | "state"
  | "statements"
  | "problems"
  | "version"
  | "hasUnknownStatements"
  | "unknownStatements"
  | "unknown"
  | "size"
  | "canonical"
>;

const elements = ["Version", "Id", "Statement"];
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html */
const versions = ["2012-10-17", "2008-10-17"];
const isStatement = (node: Node): boolean =>
  ["Effect", "Principal", "Action", "NotPrincipal", "NotAction"].some(
    (key) => child(node, key) !== undefined,
  );

function normalizeDocument(node: Node, context: PolicyContext): DocumentContent {
  const problems: PolicyProblem[] = [];
  const report = (at: Node, message: string) =>
    problems.push({ message: truncated(message, MAX_MESSAGE), location: locationOf(at.at, context.address) });
  const unreadable = (at: Node, message: string): DocumentContent => {
    report(at, message);
    return { state: "unreadable", statements: [], problems };
  };
  const size = policySize(node, context.address);
  if (size.bytes > MAX_BYTES) return { ...unreadable(node, tooLarge(size)), size };

  let list: Node | undefined = node;
  if (node.type === "map") {
    list = child(node, "Statement");
    if (list === undefined && isStatement(node)) list = node;
    else {
      for (const { key, value } of node.entries) {
        if (!elements.includes(key) && !hasHole(key))
          report(value, `the policy has an unknown element ${key}`);
        else if (key !== "Statement" && (value.type === "list" || value.type === "map"))
          report(value, `the policy has ${nodeKind(value)} as ${key}; a string is required`);
      }
    }
  } else if (node.type !== "list") {
    return unreadable(node, `the policy is ${nodeKind(node)}; an object with a Statement is required`);
  }
  if (list === undefined) return unreadable(node, "the policy has no Statement");
  if (list.type === "unknown") {
    const { reason, expression } = list.part;
    return { state: "unresolved", statements: [], problems, unknown: { reason, expression } };
  }
  if (list.type !== "list" && list.type !== "map")
    return unreadable(
      list,
      `the policy has ${nodeKind(list)} as Statement; a list of statements is required`,
    );
  const items = list.type === "list" ? list.items : [list];
  if (items.length === 0) return unreadable(list, "the policy has an empty Statement list");

  const { statements, unknownStatements } = readStatements(items, context, problems);
  const [firstUnknown] = unknownStatements;
  const unknown = firstUnknown && { reason: firstUnknown.reason, expression: firstUnknown.expression };
  if (unknown !== undefined && statements.length === 0 && problems.length === 0)
    return { state: "unresolved", statements, problems, unknown };
  for (const item of items) if (item.type === "unknown") context.onUnknownStatement?.(item);
  const version = node.type === "map" ? versionOf(child(node, "Version"), report) : null;
  return {
    state: "resolved",
    statements,
    problems: firstProblems(problems),
    ...(version === undefined ? {} : { version }),
    ...(unknown === undefined ? {} : { hasUnknownStatements: true, unknown }),
    ...(unknown === undefined || context.onUnknownStatement !== undefined ? {} : { unknownStatements }),
    ...(context.identity === true ? {} : { size, canonical: canonicalStatements(items) }),
  };
}

const tooLarge = ({ bytes, isLowerBound }: PolicySize): string =>
  `the policy has ${isLowerBound ? "at least " : ""}${bytes} bytes; AWS KMS accepts at most 32768, and Keywarden evaluates policies of up to ${MAX_BYTES} bytes`;

/** Each problem becomes a finding. A policy with more problems has the number of the others in the last one. */
const MAX_PROBLEMS = 100;

function firstProblems(problems: PolicyProblem[]): PolicyProblem[] {
  const others = problems.length - MAX_PROBLEMS;
  const next = problems[MAX_PROBLEMS];
  if (next === undefined || others <= 1) return problems;
  return [
    ...problems.slice(0, MAX_PROBLEMS),
    { ...next, message: `the policy has ${others} more problems, starting here: ${next.message}` },
  ];
}

/** Returns the Version of a policy, null if it has none, or undefined if AWS rejects it. */
function versionOf(
  node: Node | undefined,
  report: (at: Node, message: string) => void,
): string | null | undefined {
  if (node === undefined) return null;
  const version = textOf(node);
  if (node.type === "list" || node.type === "map") return undefined;
  if (node.type !== "scalar" || version === null || versions.includes(version)) return version;
  report(node, `the policy has the Version "${version}"; the valid versions are ${versions.join(" and ")}`);
  return undefined;
}

/** Returns whether a part of an element name is unknown, so that it can be a valid name. */
const hasHole = (name: string): boolean => name.includes("⟨");

/** Normalizes statements and adds the problems of malformed ones. */
function readStatements(
  items: Node[],
  context: PolicyContext,
  problems: PolicyProblem[],
): { statements: Statement[]; unknownStatements: UnknownStatement[] } {
  const statements: Statement[] = [];
  const unknownStatements: UnknownStatement[] = [];
  items.forEach((item, index) => {
    if (item.type === "unknown") {
      const { reason, expression } = item.part;
      unknownStatements.push({ reason, expression, location: locationOf(item.at, context.address) });
      return;
    }
    const result = statementOf(item, index, context);
    if (Array.isArray(result)) for (const problem of result) problems.push(problem);
    else statements.push(result);
  });
  return { statements, unknownStatements };
}

/** Parses the policy document in a JSON string. Also accepts a string that is encoded twice, as copied from a terminal. */
function parseDocument(node: Node & { type: "scalar" | "text" }): Node | Problem {
  const text = encodeString(node) as EncodedString;
  const parsed =
    text.unknownParts.length === 0
      ? parseEmbeddedJson(node.at, text.encoded)
      : parseWithUnknownParts(text, node.at);
  if ("message" in parsed) {
    // An unknown part outside the strings can contain what is missing.
    const part = partOutsideStrings(text);
    return part === undefined ? parsed : { type: "unknown", part, at: node.at };
  }
  const value = restoreUnknownParts(fromJson(parsed, node.at.pointer), text);
  if (value.type !== "scalar" || typeof value.value !== "string") return value;
  const decoded = parseEmbeddedJson(value.at, value.value);
  return "message" in decoded ? decoded : fromJson(decoded, value.at.pointer);
}

/** Parses JSON with unknown parts. An unknown part outside a string represents a value and is quoted to parse. */
function parseWithUnknownParts(text: EncodedString, at: SourcePointer): Parsed | Problem {
  const quoted = splitAtStrings(text.encoded)
    .map((part) => (part.startsWith('"') ? part : part.replace(/[\uE000-\uF8FF]/g, '"$&"')))
    .join("");
  if (at.parsed.locatesEmbeddedJson === true) return parseEmbeddedJson(at, quoted);
  const range = at.parsed.locate(at.pointer);
  const parsed = parseJson({ path: at.parsed.source.path, text: quoted });
  if ("message" in parsed) return { ...parsed, line: range.start.line, column: range.start.column };
  const written = locateInSub(at);
  const locate = (pointer: string) => (written === null ? range : written(pointer));
  return { source: at.parsed.source, value: parsed.value, locate };
}

/** Returns the JSON strings in a text, and the parts between them. */
const splitAtStrings = (json: string): string[] => json.split(/("(?:[^"\\]|\\[^])*(?:"|$))/);

/** Returns the first unknown part that is not inside a JSON string. */
function partOutsideStrings(text: EncodedString): UnknownPart | undefined {
  const outside = splitAtStrings(text.encoded).filter((part) => !part.startsWith('"'));
  const [char] = /[\uE000-\uF8FF]/.exec(outside.join("")) ?? [];
  return char === undefined ? undefined : unknownPartAt(text, char);
}

/**
 * Returns positions in the template string of Fn::Sub. The unsubstituted string is JSON of the same structure if its
 * references are inside strings. Returns null if they are not, or if the string is not from Fn::Sub.
 */
function locateInSub(at: SourcePointer): Parsed["locate"] | null {
  const value = valueAt(at.parsed.value, at.pointer);
  const sub = childAt(value, "Fn::Sub");
  const text = Array.isArray(sub) ? sub[0] : sub;
  if (typeof text !== "string") return null;
  const pointer = `${at.pointer}/Fn::Sub${Array.isArray(sub) ? "/0" : ""}`;
  const inner = parseEmbeddedJson({ ...at, pointer }, text);
  if ("message" in inner) return null;
  return (full) => inner.locate(full.startsWith(at.pointer) ? pointer + full.slice(at.pointer.length) : full);
}

/** Replaces encoded characters in a parsed value with the unknown parts that they represent. */
function restoreUnknownParts(node: Node, text: EncodedString): Node {
  if (text.unknownParts.length === 0) return node;
  if (node.type === "list")
    return { ...node, items: node.items.map((item) => restoreUnknownParts(item, text)) };
  if (node.type === "map")
    return {
      ...node,
      entries: node.entries.map((e) => ({
        key: decodeString(text, e.key),
        value: restoreUnknownParts(e.value, text),
      })),
    };
  if (node.type !== "scalar" || typeof node.value !== "string" || !hasUnknownPart(node.value)) return node;
  const parts = node.value
    .split(/([\uE000-\uF8FF])/)
    .map((part) => (hasUnknownPart(part) ? (unknownPartAt(text, part) ?? part) : part));
  return textNode(parts, node.at);
}

const parseProblem = (problem: Problem, location: PolicyProblem["location"]): PolicyProblem => ({
  message: `the policy string is not valid JSON: ${problem.message.replace(/\.$/, "")}`,
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
