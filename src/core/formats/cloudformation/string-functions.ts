import type { Node, UnknownPart } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import {
  describeExpression,
  type EvaluationContext,
  evaluateValue,
  invalidArguments,
  literalNode,
  pointerAt,
  unknownNode,
} from "./context.ts";
import { type StringParts, stringFromParts, stringParts } from "./strings.ts";
import { isMap, joinPointer } from "./template.ts";

/** Evaluates Fn::Join. */
export function joinFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const invalid = () =>
    invalidArguments(context, pointer, { "Fn::Join": args }, "a delimiter and a list of values");
  if (!Array.isArray(args) || args.length !== 2) return invalid();
  const delimiter = evaluateValue(context, args[0] as Json, joinPointer(pointer, 0));
  const list = evaluateValue(context, args[1] as Json, joinPointer(pointer, 1));
  if (delimiter?.type === "unknown" || list?.type === "unknown" || delimiter?.type === "text")
    return unknownNode(
      context,
      pointer,
      unknownReason(list ?? delimiter),
      describeExpression({ "Fn::Join": args }),
    );
  if (delimiter?.type !== "scalar" || list?.type !== "list") return invalid();
  const expression = describeExpression({ "Fn::Join": args });
  const parts = list.items.flatMap((item, i) => [
    ...(i === 0 ? [] : [String(delimiter.value ?? "")]),
    ...stringParts(item, expression),
  ]);
  return stringFromParts(context, parts, pointer);
}

const unknownReason = (node: Node | undefined): string =>
  node?.type === "unknown" ? node.part.reason : "contains unknown values";

/** Evaluates Fn::Split. Unknown parts stay in place: the string between two delimiters is one item. */
export function splitFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const [delimiter, source] = Array.isArray(args) && args.length === 2 ? args : [];
  if (typeof delimiter !== "string" || delimiter === "" || source === undefined)
    return invalidArguments(context, pointer, { "Fn::Split": args }, "a delimiter and a string");
  const node = evaluateValue(context, source, joinPointer(pointer, 1));
  const expression = describeExpression({ "Fn::Split": args });
  if (node?.type === "unknown") return splitUnknown(context, node.part, delimiter, expression, pointer);
  if (node?.type !== "scalar" && node?.type !== "text")
    return invalidArguments(context, pointer, { "Fn::Split": args }, "a delimiter and a string");
  const pieces: StringParts[] = [[]];
  for (const part of stringParts(node, expression)) {
    const [head, ...tail] = typeof part === "string" ? part.split(delimiter) : [part];
    pieces.at(-1)?.push(head as string | UnknownPart);
    for (const piece of tail) pieces.push([piece]);
  }
  const items = pieces.map((parts) => stringFromParts(context, parts, pointer));
  return { type: "list", items, at: pointerAt(context, pointer) };
}

/** Splits an unknown string. The six segments of a role, user, or key ARN have known types. */
function splitUnknown(
  context: EvaluationContext,
  unknown: UnknownPart,
  delimiter: string,
  expression: string,
  pointer: string,
): Node {
  const isArn = unknown.type === "role-arn" || unknown.type === "user-arn" || unknown.type === "key-arn";
  if (delimiter !== ":" || !isArn) {
    const type = unknown.type === "name" ? unknown.type : undefined;
    return unknownNode(context, pointer, unknown.reason, expression, { type });
  }
  const isKey = unknown.type === "key-arn";
  const piece = (type: UnknownPart["type"]) =>
    unknownNode(context, pointer, unknown.reason, expression, { type });
  const account = unknownNode(context, pointer, unknown.reason, expression, {
    type: "account-id",
    ...(unknown.self ? { self: true } : {}),
  });
  const items = [
    literalNode(context, pointer, "arn"),
    piece("partition"),
    literalNode(context, pointer, isKey ? "kms" : "iam"),
    isKey ? piece("region") : literalNode(context, pointer, ""),
    account,
    piece("name"),
  ];
  return { type: "list", items, at: pointerAt(context, pointer) };
}

/** Evaluates Fn::Select. */
export function selectFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const invalid = () =>
    invalidArguments(context, pointer, { "Fn::Select": args }, "an index within the list, and a list");
  if (!Array.isArray(args) || args.length !== 2) return invalid();
  const position = evaluateValue(context, args[0] as Json, joinPointer(pointer, 0));
  const list = evaluateValue(context, args[1] as Json, joinPointer(pointer, 1));
  const expression = describeExpression({ "Fn::Select": args });
  if (position?.type === "unknown" || position?.type === "text")
    return unknownNode(context, pointer, unknownReason(position), expression);
  const index = position?.type === "scalar" && position.value !== "" ? Number(position.value) : Number.NaN;
  if (!Number.isInteger(index) || index < 0) return invalid();
  if (list?.type === "unknown")
    return unknownNode(context, pointer, list.part.reason, expression, { type: list.part.type });
  if (list?.type !== "list") return invalid();
  return list.items[index] ?? invalid();
}

/** Evaluates Fn::Base64. */
export function base64Function(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const node = evaluateValue(context, args, pointer);
  if (node?.type === "scalar" && node.value !== null)
    return stringFromParts(context, [base64(String(node.value))], pointer);
  return unknownNode(context, pointer, unknownReason(node), describeExpression({ "Fn::Base64": args }));
}

/** Encodes the UTF-8 bytes of a string. Browsers don't have the Buffer class of Node.js. */
const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));

/** Evaluates Fn::Length. */
export function lengthFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const node = evaluateValue(context, args, pointer);
  if (node?.type === "list") return literalNode(context, pointer, node.items.length);
  return unknownNode(context, pointer, unknownReason(node), describeExpression({ "Fn::Length": args }));
}

/** Evaluates Fn::ToJsonString. Unknown values become strings or parts of strings. */
export function toJsonFunction(context: EvaluationContext, args: Json, pointer: string): Node | undefined {
  const node = evaluateValue(context, args, pointer);
  if (node?.type === "unknown")
    return unknownNode(context, pointer, node.part.reason, describeExpression({ "Fn::ToJsonString": args }));
  if (!node || (!isMap(args) && !Array.isArray(args)))
    return invalidArguments(context, pointer, { "Fn::ToJsonString": args }, "an object or a list");
  return stringFromParts(context, jsonParts(node), pointer);
}

function jsonParts(node: Node): StringParts {
  const comma = (parts: StringParts[]) => parts.flatMap((item, i) => (i === 0 ? item : [",", ...item]));
  switch (node.type) {
    case "scalar":
      return [JSON.stringify(node.value)];
    case "unknown":
      return ['"', node.part, '"'];
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
