import type { MapNode, Node, SourcePointer, UnknownPart } from "../../model/node.ts";
import { fromJson, textOf } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { spendSteps } from "../../parse/budget.ts";
import { parseEmbeddedJson } from "../../parse/json.ts";
import { jsonAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { referencesOf } from "./plan-configuration.ts";
import { type DocumentBlock, rootBlock, scalarNode, statementNode } from "./policy-document-statement.ts";
import { originOf, unknownFromReferences } from "./unknown-values.ts";
import { knownAfterApply } from "./values.ts";

/** The planned part of a policy document that is read during apply. */
export interface PlannedDocument {
  node: Node;
  /** Set if the document has statements that are not in the plan. */
  unknownStatements?: { reason: string; expression: string };
  /** True if all principals, actions and resources are known, or at least of a known type. */
  complete: boolean;
}

/**
 * Returns the document of a `data.aws_iam_policy_document` from its planned arguments. The provider merges statements in
 * this order: sources, own statements, overrides. A statement replaces an earlier one with the same Sid. See the
 * documentation of aws_iam_policy_document in the AWS provider. `holder` is the resource with the policy.
 */
export function plannedDocument(
  plan: Plan,
  source: PlanResource,
  holder: PlanResource,
  ancestors: string[] = [],
): PlannedDocument {
  const body = rootBlock(plan, source, holder);
  const merged: MergedDocument = {
    statements: [],
    indexes: new Map(),
    unknownStatements: undefined,
    complete: true,
    version: undefined,
  };
  if (ancestors.includes(source.address) || ancestors.length > depthLimit) {
    const part = { reason: "the policy document refers to itself", expression: source.address };
    return { node: { type: "unknown", part, at: source.at }, complete: false };
  }
  const mergeSources = (name: string) =>
    mergeSourceDocuments(plan, source, holder, name, merged, [...ancestors, source.address]);
  mergeSources("source_json");
  mergeSources("source_policy_documents");
  mergeOwnStatements(plan, source, body, merged);
  mergeSources("override_json");
  mergeSources("override_policy_documents");

  const position: SourcePointer = { parsed: plan.parsed, pointer: source.valuesPointer };
  const { statements, unknownStatements, complete, version } = merged;
  // Documents that merge each other twice double with each level.
  spendSteps(plan.parsed, source.valuesPointer, 1 + statements.length);
  if (statements.length === 0 && unknownStatements !== undefined)
    return { node: { type: "unknown", part: unknownStatements, at: position }, unknownStatements, complete };
  const entries = [
    { key: "Version", value: version ?? scalar("2012-10-17", position) },
    { key: "Statement", value: { type: "list", items: statements, at: position } as Node },
  ];
  return {
    node: { type: "map", entries, at: position },
    complete,
    ...(unknownStatements === undefined ? {} : { unknownStatements }),
  };
}

interface MergedDocument {
  statements: Node[];
  /** Indexes of the statements by Sid. */
  indexes: Map<string, number>;
  unknownStatements: UnknownPart | undefined;
  complete: boolean;
  version: Node | undefined;
}

const depthLimit = 20;

const scalar = (value: string, position: SourcePointer): Node => ({ type: "scalar", value, at: position });

function mergeOwnStatements(
  plan: Plan,
  source: PlanResource,
  body: DocumentBlock,
  merged: MergedDocument,
): void {
  const version = scalarNode(body, "version");
  if (version !== undefined) merged.version = version;
  const blocks = body.blocks("statement");
  if (blocks === null) {
    merged.unknownStatements ??= unknownStatementsOf(
      plan,
      source,
      jsonAt(source.config, "expressions", "statement"),
    );
    return;
  }
  for (const block of blocks) {
    const statement = statementNode(block);
    merged.complete &&= statement.complete;
    addStatement(merged, statement.node);
  }
}

const unknownStatementsOf = (plan: Plan, source: PlanResource, expression: Json | undefined): UnknownPart => {
  const { expression: reference } = unknownFromReferences(
    plan,
    source,
    originOf(plan, source, referencesOf(expression)),
    "other",
    source.address,
  );
  return { reason: knownAfterApply, expression: reference };
};

function mergeSourceDocuments(
  plan: Plan,
  source: PlanResource,
  holder: PlanResource,
  name: string,
  merged: MergedDocument,
  ancestors: string[],
): void {
  const expression = jsonAt(source.config, "expressions", name);
  const value = jsonAt(source.values, name);
  const shape = source.afterUnknown === true ? true : jsonAt(source.afterUnknown, name);
  const pointer = `${source.valuesPointer}/${name}`;
  const isString = name.endsWith("_json");
  if (shape === true && !isString) {
    merged.unknownStatements ??= unknownStatementsOf(plan, source, expression);
    return;
  }
  const items = isString
    ? value === undefined && shape !== true
      ? []
      : [value]
    : Array.isArray(value)
      ? value
      : [];
  const origin = originOf(plan, source, referencesOf(expression));
  const documents = origin.targets.map((target) =>
    target.kind === "resource" ? plan.policyDocumentsAt(target) : [],
  );
  const isUnknown = items.map(
    (item, i) => (isString ? shape === true : jsonAt(shape, i) === true) && typeof item !== "string",
  );
  // If there are as many unknown elements as references, they correspond to each other in order.
  const paired = isUnknown.filter((unknown) => unknown).length === documents.length;
  let next = 0;
  items.forEach((item, i) => {
    if (isUnknown[i] === true) {
      const [document, another] = (paired ? documents[next++] : undefined) ?? [];
      if (document === undefined || another !== undefined) {
        merged.unknownStatements ??= unknownStatementsOf(plan, source, expression);
        return;
      }
      const inner = plannedDocument(plan, document, holder, ancestors);
      merged.complete &&= inner.complete;
      merged.unknownStatements ??= inner.unknownStatements;
      mergeDocument(inner.node, merged);
    } else if (typeof item === "string" && item !== "") {
      const position = { parsed: plan.parsed, pointer: isString ? pointer : `${pointer}/${i}` };
      const parsed = parseEmbeddedJson(position, item);
      if ("message" in parsed)
        merged.unknownStatements ??= { reason: "the merged policy document is not JSON", expression: name };
      else mergeDocument(fromJson(parsed, position.pointer), merged);
    }
  });
}

function mergeDocument(node: Node, merged: MergedDocument): void {
  if (node.type !== "map") return;
  const entry = (key: string) => node.entries.find((e) => e.key === key)?.value;
  const version = entry("Version");
  if (version !== undefined && textOf(version) !== "") merged.version = version;
  const statement = entry("Statement");
  const items = statement === undefined ? [] : statement.type === "list" ? statement.items : [statement];
  for (const item of items) addStatement(merged, item);
}

function addStatement({ statements, indexes }: MergedDocument, statement: Node): void {
  const sid = sidOf(statement);
  const index = sid === null ? undefined : indexes.get(sid);
  if (index !== undefined) statements[index] = statement;
  else {
    if (sid !== null) indexes.set(sid, statements.length);
    statements.push(statement);
  }
}

function sidOf(statement: Node): string | null {
  if (statement.type !== "map") return null;
  const sid = (statement as MapNode).entries.find((e) => e.key === "Sid")?.value;
  return sid?.type === "scalar" && typeof sid.value === "string" && sid.value !== "" ? sid.value : null;
}
