import type { MapNode, Node, SourcePointer, UnknownPart } from "../../model/node.ts";
import { fromJson, textOf } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { parseEmbeddedJson } from "../../parse/json.ts";
import { referencesOf } from "./configuration.ts";
import { type Block, bodyOf, scalarNode, statementNode } from "./document-statement.ts";
import { afterApply, holeOf, originOf } from "./holes.ts";
import { at } from "./json.ts";
import type { Plan, Resource } from "./plan.ts";

/** A policy document that apply still has to read, as far as the plan shows it. */
export interface Deferred {
  node: Node;
  /** It has statements that the plan does not show. */
  more?: { reason: string; expression: string };
  /** Who is meant, what is allowed and on what: all of it is known, or known to be of one kind. */
  complete: boolean;
}

/**
 * The document that a `data.aws_iam_policy_document` will give, from its planned arguments. Statements come in the
 * order in which the provider merges them: sources, its own, overrides; one with the Sid of another replaces it.
 * See the page aws_iam_policy_document of the AWS provider.
 */
export function deferredDocument(plan: Plan, source: Resource, reading: string[] = []): Deferred {
  const body = bodyOf(plan, source);
  const merged: Merged = { statements: [], more: undefined, complete: true, version: undefined };
  if (reading.includes(source.address) || reading.length > 20) {
    const hole = { reason: "the document refers to itself", expression: source.address };
    return { node: { type: "unknown", part: hole, at: source.at }, complete: false };
  }
  const others = (name: string) => mergeOthers(plan, source, name, merged, [...reading, source.address]);
  others("source_json");
  others("source_policy_documents");
  mergeOwn(plan, source, body, merged);
  others("override_json");
  others("override_policy_documents");

  const place: SourcePointer = { parsed: plan.parsed, pointer: source.valuesAt };
  const { statements, more, complete, version } = merged;
  if (statements.length === 0 && more !== undefined)
    return { node: { type: "unknown", part: more, at: place }, more, complete };
  const entries = [
    { key: "Version", value: version ?? scalar("2012-10-17", place) },
    { key: "Statement", value: { type: "list", items: statements, at: place } as Node },
  ];
  return { node: { type: "map", entries, at: place }, complete, ...(more === undefined ? {} : { more }) };
}

interface Merged {
  statements: Node[];
  more: UnknownPart | undefined;
  complete: boolean;
  version: Node | undefined;
}

const scalar = (value: string, place: SourcePointer): Node => ({ type: "scalar", value, at: place });

function mergeOwn(plan: Plan, source: Resource, body: Block, merged: Merged): void {
  const version = scalarNode(body, "version");
  if (version !== undefined) merged.version = version;
  const blocks = body.blocks("statement");
  if (blocks === null) {
    merged.more ??= moreOf(plan, source, at(source.written, "expressions", "statement"));
    return;
  }
  for (const block of blocks) {
    const statement = statementNode(block);
    merged.complete &&= statement.complete;
    add(merged.statements, statement.node);
  }
}

const moreOf = (plan: Plan, source: Resource, expression: Json | undefined): UnknownPart => {
  const { expression: first } = holeOf(
    plan,
    source,
    originOf(plan, source, referencesOf(expression)),
    "other",
    source.address,
  );
  return { reason: afterApply, expression: first };
};

function mergeOthers(plan: Plan, source: Resource, name: string, merged: Merged, reading: string[]): void {
  const expression = at(source.written, "expressions", name);
  const value = at(source.values, name);
  const shape = source.unknown === true ? true : at(source.unknown, name);
  const pointer = `${source.valuesAt}/${name}`;
  const single = name.endsWith("_json");
  if (shape === true && !single) {
    merged.more ??= moreOf(plan, source, expression);
    return;
  }
  const items = single
    ? value === undefined && shape !== true
      ? []
      : [value]
    : Array.isArray(value)
      ? value
      : [];
  const origin = originOf(plan, source, referencesOf(expression));
  const documents = origin.leaves.map((leaf) => (leaf.kind === "resource" ? plan.documents(leaf) : []));
  const open = items.map(
    (item, i) => (single ? shape === true : at(shape, i) === true) && typeof item !== "string",
  );
  // Each unknown element is the document of its reference where there are as many of these as of those.
  const paired = open.filter((isOpen) => isOpen).length === documents.length;
  let next = 0;
  items.forEach((item, i) => {
    if (open[i] === true) {
      const [document, another] = (paired ? documents[next++] : undefined) ?? [];
      if (document === undefined || another !== undefined) {
        merged.more ??= moreOf(plan, source, expression);
        return;
      }
      const inner = deferredDocument(plan, document, reading);
      merged.complete &&= inner.complete;
      merged.more ??= inner.more;
      mergeDocument(inner.node, merged);
    } else if (typeof item === "string" && item !== "") {
      const place = { parsed: plan.parsed, pointer: single ? pointer : `${pointer}/${i}` };
      const parsed = parseEmbeddedJson(place, item);
      if ("message" in parsed)
        merged.more ??= { reason: "the document merged in is not JSON", expression: name };
      else mergeDocument(fromJson(parsed, place.pointer), merged);
    }
  });
}

function mergeDocument(node: Node, merged: Merged): void {
  if (node.type !== "map") return;
  const entry = (key: string) => node.entries.find((e) => e.key === key)?.value;
  const version = entry("Version");
  if (version !== undefined && textOf(version) !== "") merged.version = version;
  const statement = entry("Statement");
  const items = statement === undefined ? [] : statement.type === "list" ? statement.items : [statement];
  for (const item of items) add(merged.statements, item);
}

function add(statements: Node[], statement: Node): void {
  const sid = sidOf(statement);
  const place = sid === null ? -1 : statements.findIndex((other) => sidOf(other) === sid);
  if (place < 0) statements.push(statement);
  else statements[place] = statement;
}

function sidOf(statement: Node): string | null {
  if (statement.type !== "map") return null;
  const sid = (statement as MapNode).entries.find((e) => e.key === "Sid")?.value;
  return sid?.type === "scalar" && typeof sid.value === "string" && sid.value !== "" ? sid.value : null;
}
