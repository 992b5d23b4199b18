import type { Location, Parsed } from "./source.ts";

/**
 * What the formats hand to the rest: values after references are resolved. What the input does not hold
 * is a `Hole`, alone (`unknown`) or inside a text, so that the known parts of an ARN stay known.
 */
export type Node = ScalarNode | TextNode | UnknownNode | ListNode | MapNode;

export interface SourcePointer {
  parsed: Parsed;
  pointer: string;
}

/** What is known of a value that the input does not hold. */
export interface Hole {
  /** Why it is not known, as a phrase: "known only after apply", "parameter without default". */
  reason: string;
  /** The reference as its author wrote it: `var.account`, `AWS::AccountId`, `Fn::ImportValue shared-key`. */
  expression: string;
  /** What kind of value it is bound to be, where the reference tells. */
  type?: HoleType;
  /** It is the owner's own account, or belongs to it (an IAM role of the same input). */
  self?: boolean;
}

export type HoleType =
  | "account-id"
  | "partition"
  | "region"
  | "dns-suffix"
  | "role-arn"
  | "user-arn"
  | "assumed-role-arn"
  | "key-arn"
  | "key-id"
  | "alias-name"
  | "alias-arn"
  | "arn" // of another kind of resource
  | "name"; // a plain word: never an ARN, never "*"

export interface ScalarNode {
  type: "scalar";
  value: null | boolean | number | string;
  at: SourcePointer;
}

/** A string of which parts are unknown. At least one part is a hole and at least one a non-empty string. */
export interface TextNode {
  type: "text";
  parts: (string | Hole)[];
  at: SourcePointer;
}

export interface UnknownNode {
  type: "unknown";
  hole: Hole;
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

/** The text of a hole inside a string. */
export const holeText = (hole: Hole): string => `⟨${hole.expression}⟩`;

/** A node as the string it stands for; null where it is not a scalar or text. Numbers and booleans count as their strings. */
export function textOf(node: Node): string | null {
  if (node.type === "scalar") return node.value === null ? null : String(node.value);
  if (node.type === "text") return node.parts.map((p) => (typeof p === "string" ? p : holeText(p))).join("");
  if (node.type === "unknown") return holeText(node.hole);
  return null;
}

/** The value of a key of a map; undefined where absent. */
export function child(node: Node, key: string): Node | undefined {
  return node.type === "map" ? node.entries.find((e) => e.key === key)?.value : undefined;
}

/** A string node of known and unknown parts, in its simplest form. */
export function textNode(parts: (string | Hole)[], at: SourcePointer): ScalarNode | TextNode | UnknownNode {
  const merged: (string | Hole)[] = [];
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
    : { type: "unknown", hole: only as Hole, at };
}

/** Plain JSON as nodes, each with its pointer. */
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

/** The pointer that leads along keys and positions. */
export const pointerTo = (path: string[]): string => path.map((part) => `/${escapePointer(part)}`).join("");

export function locationOf(at: SourcePointer, address?: string): Location {
  const { start, end, origin: elsewhere } = at.parsed.locate(at.pointer);
  return {
    file: elsewhere?.path ?? at.parsed.source.path,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    pointer: elsewhere?.pointer ?? at.pointer,
    ...(address === undefined ? {} : { address }),
  };
}
