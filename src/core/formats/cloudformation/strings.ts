import { type Node, textNode, type UnknownPart, unknownPartText } from "../../model/node.ts";
import { spendCharacters, spendSteps } from "../../parse/budget.ts";
import { templatePlaceholderParts } from "../key-policy/placeholder.ts";
import { type EvaluationContext, pointerAt, reportProblem, unknownNode } from "./context.ts";

/** The known and unknown parts of a string. */
export type StringParts = (string | UnknownPart)[];

/** Returns a value as parts of a string. Lists and maps are unknown parts. */
export function stringParts(node: Node | undefined, expression: string): StringParts {
  if (!node) return [];
  if (node.type === "scalar") return [node.value === null ? "" : String(node.value)];
  if (node.type === "text") return node.parts;
  if (node.type === "unknown") return [node.part];
  return [{ reason: "not a string", expression }];
}

/** Returns whether a partially known value can be equal to a literal. */
export function mayEqual(node: Node, literal: string): boolean {
  if (node.type === "scalar") return String(node.value) === literal;
  if (node.type === "unknown") return true;
  if (node.type !== "text") return false;
  const [first] = node.parts;
  const last = node.parts.at(-1);
  return (
    (typeof first !== "string" || literal.startsWith(first)) &&
    (typeof last !== "string" || literal.endsWith(last))
  );
}

const MAX_LENGTH = 1_000_000;
const UNKNOWN = "\u0000";

/** Returns a string node. Dynamic references (`{{resolve:…}}`) and placeholders (`{{…}}`) become unknown parts. */
export function stringFromParts(context: EvaluationContext, parts: StringParts, pointer: string): Node {
  const length = parts.reduce((sum, part) => sum + (typeof part === "string" ? part.length : 0), 0);
  spendCharacters(context.template.parsed, pointer, length);
  spendSteps(context.template.parsed, pointer, parts.length);
  if (length > MAX_LENGTH) {
    reportProblem(
      context,
      pointer,
      `The string is too long: ${length} characters; the maximum is ${MAX_LENGTH}.`,
      "Check that this is the intended file.",
    );
    return unknownNode(context, pointer, "the string is too long", "…");
  }
  if (!parts.some((part) => typeof part === "string" && part.includes("{{")))
    return textNode(parts, pointerAt(context, pointer));
  const unknownParts = parts.filter((part) => typeof part !== "string");
  const code = parts
    .map((part) => (typeof part === "string" ? part.replaceAll(UNKNOWN, "") : UNKNOWN))
    .join("");
  let used = 0;
  const result: StringParts = code.split(/(\{\{[^{}]*\}\}|\u0000)/).map((piece) => {
    if (piece === UNKNOWN) return unknownParts[used++] as UnknownPart;
    if (!piece.startsWith("{{") || !piece.endsWith("}}")) return piece;
    const expression = piece.replaceAll(UNKNOWN, () => unknownPartText(unknownParts[used++] as UnknownPart));
    if (context.template.nameUnknown && /^\{\{changeSet:/.test(expression))
      return { reason: "known only after apply", expression: context.template.nameUnknown(pointer) };
    const dynamic = /^\{\{\s*resolve:/.test(expression);
    return { reason: dynamic ? "dynamic reference" : "filled in by another tool", expression };
  });
  return textNode(result, pointerAt(context, pointer));
}

/** Replaces placeholders that another tool fills in before CloudFormation reads the template. */
export function placeholdersIn(context: EvaluationContext, text: string, variables = {}): StringParts {
  if (!/[$%#]\{|<%|@@|\$[A-Z]/.test(text)) return [text];
  const { bindings, resources, template } = context;
  const scopes = [bindings, resources, template.parameters];
  return templatePlaceholderParts(
    text,
    (name) => Object.hasOwn(variables, name) || scopes.some((scope) => scope.has(name)),
  );
}

/** Returns a literal string with the loop variables of Fn::ForEach (`${Name}`, `&{Name}`) substituted. */
export function stringNode(context: EvaluationContext, raw: string, pointer: string): Node {
  const parts = bindVariables(context, raw).flatMap((part) =>
    typeof part === "string" ? placeholdersIn(context, part) : [part],
  );
  return stringFromParts(context, parts, pointer);
}

function bindVariables(context: Pick<EvaluationContext, "bindings">, raw: string): StringParts {
  if (context.bindings.size === 0 || !raw.includes("{")) return [raw];
  return raw.split(/([$&]\{\w+\})/).flatMap((piece) => {
    const value = context.bindings.get(piece.slice(2, -1));
    if (!value || !/^[$&]\{/.test(piece)) return [piece];
    const parts = stringParts(value, piece);
    // `&{Name}` omits characters that a logical ID cannot contain.
    return piece.startsWith("&")
      ? parts.map((part) => (typeof part === "string" ? part.replace(/[^A-Za-z0-9]/g, "") : part))
      : parts;
  });
}

/** Returns a name with known loop variables substituted. */
export const bindName = (context: Pick<EvaluationContext, "bindings">, raw: string): string =>
  context.bindings.size === 0
    ? raw
    : bindVariables(context, raw)
        .map((part) => (typeof part === "string" ? part : `\${${part.expression}}`))
        .join("");

/** Returns the template string of Fn::Sub with loop variables substituted, if all of them are known. */
export const bindTemplateString = (context: EvaluationContext, raw: string): string =>
  [...context.bindings.values()].every((node) => node.type === "scalar") ? bindName(context, raw) : raw;
