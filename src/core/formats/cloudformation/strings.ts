import { type Hole, holeText, type Node, textNode } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import {
  describeExpression,
  type EvaluationContext,
  evaluateValue,
  invalidArguments,
  placeAt,
  reportProblem,
  scalarNode,
  unknownNode,
} from "./context.ts";
import { isMap, joinPointer } from "./template.ts";

type Parts = (string | Hole)[];

/** A value as a part of a text. Lists and maps have no text: their place is not known. */
export function stringParts(node: Node | undefined, expression: string): Parts {
  if (!node) return [];
  if (node.type === "scalar") return [node.value === null ? "" : String(node.value)];
  if (node.type === "text") return node.parts;
  if (node.type === "unknown") return [node.hole];
  return [{ reason: "not a text", expression }];
}

/** Whether a value that is partly known can be a literal. */
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

/** A text in which dynamic references (`{{resolve:…}}`) and other tools' placeholders (`{{…}}`) are holes. */
export function stringFromParts(context: EvaluationContext, parts: Parts, pointer: string): Node {
  const length = parts.reduce((sum, part) => sum + (typeof part === "string" ? part.length : 0), 0);
  if (length > MAX_LENGTH) {
    reportProblem(
      context,
      pointer,
      `A text of ${length} characters is no value of a key.`,
      "Check that the file is what it should be.",
    );
    return unknownNode(context, pointer, "a text that is too long", "…");
  }
  if (!parts.some((part) => typeof part === "string" && part.includes("{{")))
    return textNode(parts, placeAt(context, pointer));
  const holes = parts.filter((part) => typeof part !== "string");
  const code = parts
    .map((part) => (typeof part === "string" ? part.replaceAll(UNKNOWN, "") : UNKNOWN))
    .join("");
  let used = 0;
  const result: Parts = code.split(/(\{\{[^{}]*\}\}|\u0000)/).map((piece) => {
    if (piece === UNKNOWN) return holes[used++] as Hole;
    if (!piece.startsWith("{{") || !piece.endsWith("}}")) return piece;
    const expression = piece.replaceAll(UNKNOWN, () => holeText(holes[used++] as Hole));
    if (context.template.nameUnknown && /^\{\{changeSet:/.test(expression))
      return { reason: "known only after apply", expression: context.template.nameUnknown(pointer) };
    const dynamic = /^\{\{\s*resolve:/.test(expression);
    return { reason: dynamic ? "dynamic reference" : "filled in by another tool", expression };
  });
  return textNode(result, placeAt(context, pointer));
}

/** A string as it is written, with the loop variables of Fn::ForEach (`${Name}`, `&{Name}`) filled in. */
export function stringNode(context: EvaluationContext, raw: string, pointer: string): Node {
  return stringFromParts(context, bindVariables(context, raw), pointer);
}

function bindVariables(context: Pick<EvaluationContext, "bindings">, raw: string): Parts {
  if (context.bindings.size === 0 || !raw.includes("{")) return [raw];
  return raw.split(/([$&]\{\w+\})/).flatMap((piece) => {
    const value = context.bindings.get(piece.slice(2, -1));
    if (!value || !/^[$&]\{/.test(piece)) return [piece];
    const parts = stringParts(value, piece);
    // `&{Name}` leaves out what a logical id cannot hold.
    return piece.startsWith("&")
      ? parts.map((part) => (typeof part === "string" ? part.replace(/[^A-Za-z0-9]/g, "") : part))
      : parts;
  });
}

/** A name in which loop variables that are known are filled in. */
export const bindName = (context: Pick<EvaluationContext, "bindings">, raw: string): string =>
  context.bindings.size === 0
    ? raw
    : bindVariables(context, raw)
        .map((part) => (typeof part === "string" ? part : `\${${part.expression}}`))
        .join("");

/** A text for Fn::Sub in which the loop variables that are known stand as their values. */
export const bindTemplateString = (context: EvaluationContext, raw: string): string =>
  [...context.bindings.values()].every((node) => node.type === "scalar") ? bindName(context, raw) : raw;

/** Fn::Join of the values of a list. */
export function joinFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const wrong = () =>
    invalidArguments(context, pointer, { "Fn::Join": args }, "a delimiter and a list of values");
  if (!Array.isArray(args) || args.length !== 2) return wrong();
  const delimiter = evaluateValue(context, args[0] as Json, joinPointer(pointer, 0));
  const list = evaluateValue(context, args[1] as Json, joinPointer(pointer, 1));
  if (delimiter?.type === "unknown" || list?.type === "unknown" || delimiter?.type === "text")
    return unknownNode(
      context,
      pointer,
      unknownReason(list ?? delimiter),
      describeExpression({ "Fn::Join": args }),
    );
  if (delimiter?.type !== "scalar" || list?.type !== "list") return wrong();
  const parts = list.items.flatMap((item, i) => [
    ...(i === 0 ? [] : [String(delimiter.value ?? "")]),
    ...stringParts(item, describeExpression({ "Fn::Join": args })),
  ]);
  return stringFromParts(context, parts, pointer);
}

const unknownReason = (node: Node | undefined): string =>
  node?.type === "unknown" ? node.hole.reason : "made of values that are not known";

/** Fn::Split of a text. The holes stay where they are: what is between two delimiters is one value. */
export function splitFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const [delimiter, source] = Array.isArray(args) && args.length === 2 ? args : [];
  if (typeof delimiter !== "string" || delimiter === "" || source === undefined)
    return invalidArguments(context, pointer, { "Fn::Split": args }, "a delimiter and a text");
  const node = evaluateValue(context, source, joinPointer(pointer, 1));
  const expression = describeExpression({ "Fn::Split": args });
  if (node?.type === "unknown") return splitUnknown(context, node.hole, delimiter, expression, pointer);
  if (node?.type !== "scalar" && node?.type !== "text")
    return invalidArguments(context, pointer, { "Fn::Split": args }, "a delimiter and a text");
  const pieces: Parts[] = [[]];
  for (const part of stringParts(node, expression)) {
    const [head, ...tail] = typeof part === "string" ? part.split(delimiter) : [part];
    pieces.at(-1)?.push(head as string | Hole);
    pieces.push(...tail.map((piece): Parts => [piece]));
  }
  const items = pieces.map((parts) => stringFromParts(context, parts, pointer));
  return { type: "list", items, at: placeAt(context, pointer) };
}

/** Of the ARN of a role, user or key the six parts are known by kind. */
function splitUnknown(
  context: EvaluationContext,
  hole: Hole,
  delimiter: string,
  expression: string,
  pointer: string,
): Node {
  const arn = hole.type === "role-arn" || hole.type === "user-arn" || hole.type === "key-arn";
  if (delimiter !== ":" || !arn) {
    const type = hole.type === "name" ? hole.type : undefined;
    return unknownNode(context, pointer, hole.reason, expression, { type });
  }
  const kms = hole.type === "key-arn";
  const piece = (type: Hole["type"]) => unknownNode(context, pointer, hole.reason, expression, { type });
  const account = unknownNode(context, pointer, hole.reason, expression, {
    type: "account-id",
    ...(hole.self ? { self: true } : {}),
  });
  const items = [
    scalarNode(context, pointer, "arn"),
    piece("partition"),
    scalarNode(context, pointer, kms ? "kms" : "iam"),
    kms ? piece("region") : scalarNode(context, pointer, ""),
    account,
    piece("name"),
  ];
  return { type: "list", items, at: placeAt(context, pointer) };
}

/** Fn::Select by a position that is known. */
export function selectFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const wrong = () =>
    invalidArguments(context, pointer, { "Fn::Select": args }, "a position that exists, and a list");
  if (!Array.isArray(args) || args.length !== 2) return wrong();
  const position = evaluateValue(context, args[0] as Json, joinPointer(pointer, 0));
  const list = evaluateValue(context, args[1] as Json, joinPointer(pointer, 1));
  const expression = describeExpression({ "Fn::Select": args });
  if (position?.type === "unknown" || position?.type === "text")
    return unknownNode(context, pointer, unknownReason(position), expression);
  const index = position?.type === "scalar" && position.value !== "" ? Number(position.value) : Number.NaN;
  if (!Number.isInteger(index) || index < 0) return wrong();
  if (list?.type === "unknown")
    return unknownNode(context, pointer, list.hole.reason, expression, { type: list.hole.type });
  // Items that are themselves unknown may have been lists' ends: a position beyond them is not judged.
  if (list?.type !== "list") return wrong();
  return list.items[index] ?? wrong();
}

/** Fn::Base64 of a text that is known. */
export function base64Function(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const node = evaluateValue(context, args, pointer);
  if (node?.type === "scalar" && node.value !== null)
    return scalarNode(context, pointer, base64(String(node.value)));
  return unknownNode(context, pointer, unknownReason(node), describeExpression({ "Fn::Base64": args }));
}

/** Of the text in UTF-8. Not Node's Buffer: browsers have none. */
const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));

/** Fn::Length of a list that is known. */
export function lengthFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const node = evaluateValue(context, args, pointer);
  if (node?.type === "list") return scalarNode(context, pointer, node.items.length);
  return unknownNode(context, pointer, unknownReason(node), describeExpression({ "Fn::Length": args }));
}

/** Fn::ToJsonString: what is not known stands as a string of its own or inside one. */
export function toJsonFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const node = evaluateValue(context, args, pointer);
  if (node?.type === "unknown")
    return unknownNode(context, pointer, node.hole.reason, describeExpression({ "Fn::ToJsonString": args }));
  if (!node || (!isMap(args) && !Array.isArray(args)))
    return invalidArguments(context, pointer, { "Fn::ToJsonString": args }, "a map or a list");
  return stringFromParts(context, jsonParts(node), pointer);
}

function jsonParts(node: Node): Parts {
  const comma = (parts: Parts[]) => parts.flatMap((item, i) => (i === 0 ? item : [",", ...item]));
  switch (node.type) {
    case "scalar":
      return [JSON.stringify(node.value)];
    case "unknown":
      return ['"', node.hole, '"'];
    case "text":
      return [
        '"',
        ...node.parts.map((p) => (typeof p === "string" ? JSON.stringify(p).slice(1, -1) : p)),
        '"',
      ];
    case "list":
      return ["[", ...comma(node.items.map(jsonParts)), "]"];
    case "map":
      return [
        "{",
        ...comma(node.entries.map(({ key, value }) => [`${JSON.stringify(key)}:`, ...jsonParts(value)])),
        "}",
      ];
  }
}
