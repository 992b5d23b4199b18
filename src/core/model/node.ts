import type { Location, Parsed } from "./source.ts";

/**
 * A value in a format-independent tree, after references are resolved. Values that the input does not contain are
 * `UnknownPart`s, alone (`unknown`) or as a part of a string, so that the known parts of an ARN remain known.
 */
export type Node = ScalarNode | TextNode | UnknownNode | ListNode | MapNode;

/** A position in a parsed source. */
export interface SourcePointer {
  parsed: Parsed;
  pointer: string;
}

/** A value, or a part of one, that the input does not contain. */
export interface UnknownPart {
  /** Why the value is unknown, as a phrase: "known only after apply", "parameter without default". */
  reason: string;
  /** The reference as written: `var.account`, `AWS::AccountId`, `Fn::ImportValue shared-key`. */
  expression: string;
  /** The kind of value, if the reference determines it. */
  type?: UnknownPartType;
  /** The value is the owner account, or belongs to it (an IAM role of the same input). */
  self?: boolean;
  /** The account that the value is, or belongs to, if that is known although the value is not. */
  account?: string;
}

export type UnknownPartType =
  | "account-id"
  | "partition"
  | "region"
  | "dns-suffix"
  | "role-arn"
  | "user-arn"
  | "assumed-role-arn" // or a user: the identity that calls AWS
  | "principal-arn" // of an account root, user, role or session
  | "key-arn"
  | "key-id"
  | "alias-name"
  | "alias-arn"
  | "arn" // of another kind of resource, which is not a principal
  | "name"; // a plain word: never an ARN, never "*"

export interface ScalarNode {
  type: "scalar";
  value: null | boolean | number | string;
  at: SourcePointer;
}

/** A partly unknown string. At least one part is an `UnknownPart` and at least one a non-empty string. */
export interface TextNode {
  type: "text";
  parts: (string | UnknownPart)[];
  at: SourcePointer;
}

export interface UnknownNode {
  type: "unknown";
  part: UnknownPart;
  at: SourcePointer;
}

export interface ListNode {
  type: "list";
  items: Node[];
  at: SourcePointer;
}

export interface MapNode {
  type: "map";
  entries: { key: string; value: Node }[];
  at: SourcePointer;
}

/** Returns the representation of an unknown part in strings. */
export const unknownPartText = ({ expression }: UnknownPart): string => `⟨${expression}⟩`;

/** Returns a node as a string, or null for lists, maps and null. Numbers and booleans are converted to strings. */
export function textOf(node: Node): string | null {
  if (node.type === "scalar") return node.value === null ? null : String(node.value);
  if (node.type === "text")
    return node.parts.map((p) => (typeof p === "string" ? p : unknownPartText(p))).join("");
  if (node.type === "unknown") return unknownPartText(node.part);
  return null;
}

/** Returns the value of a key of a map, or undefined if it is absent. */
export function child(node: Node, key: string): Node | undefined {
  return node.type === "map" ? node.entries.find((e) => e.key === key)?.value : undefined;
}

/** Returns the simplest node for a string with known and unknown parts. */
export function textNode(
  parts: (string | UnknownPart)[],
  at: SourcePointer,
): ScalarNode | TextNode | UnknownNode {
  const merged: (string | UnknownPart)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part === "") continue;
    if (typeof part === "string" && typeof last === "string") merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  if (merged.length === 0) return { type: "scalar", value: "", at };
  const [only] = merged;
  if (merged.length > 1) return { type: "text", parts: merged, at };
  return typeof only === "string"
    ? { type: "scalar", value: only, at }
    : { type: "unknown", part: only as UnknownPart, at };
}

/** Converts a JSON value to nodes with their pointers. */
export function fromJson(parsed: Parsed, pointer = "", value = parsed.value): Node {
  const at = { parsed, pointer };
  if (Array.isArray(value))
    return { type: "list", items: value.map((item, i) => fromJson(parsed, `${pointer}/${i}`, item)), at };
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value).map(([key, item]) => ({
      key,
      value: fromJson(parsed, `${pointer}/${escapePointer(key)}`, item),
    }));
    return { type: "map", entries, at };
  }
  return { type: "scalar", value, at };
}

export const escapePointer = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** Returns the pointer for a path of keys and indexes. */
export const pointerTo = (path: string[]): string => path.map((part) => `/${escapePointer(part)}`).join("");

export function locationOf(at: SourcePointer, address?: string): Location {
  const { start, end, origin } = at.parsed.locate(at.pointer);
  return {
    file: origin?.path ?? at.parsed.source.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    pointer: origin?.pointer ?? at.pointer,
    ...(address === undefined ? {} : { address }),
  };
}
