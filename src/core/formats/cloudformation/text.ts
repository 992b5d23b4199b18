import { type Hole, holeText, type Node, textNode } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { describe, misused, place, type Run, report, scalar, unknown, valueOf } from "./run.ts";
import { isMap, join } from "./template.ts";

type Parts = (string | Hole)[];

/** A value as a part of a text. Lists and maps have no text: their place is not known. */
export function partsOf(node: Node | undefined, expression: string): Parts {
  if (!node) return [];
  if (node.type === "scalar") return [node.value === null ? "" : String(node.value)];
  if (node.type === "text") return node.parts;
  if (node.type === "unknown") return [node.hole];
  return [{ reason: "not a text", expression }];
}

/** Whether a value that is partly known can be a literal. */
export function mayBe(node: Node, literal: string): boolean {
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
const HOLE = "\u0000";

/** A text in which dynamic references (`{{resolve:…}}`) and other tools' placeholders (`{{…}}`) are holes. */
export function textOfParts(run: Run, parts: Parts, pointer: string): Node {
  const length = parts.reduce((sum, part) => sum + (typeof part === "string" ? part.length : 0), 0);
  if (length > MAX_LENGTH) {
    report(
      run,
      pointer,
      `A text of ${length} characters is no value of a key.`,
      "Check that the file is what it should be.",
    );
    return unknown(run, pointer, "a text that is too long", "…");
  }
  if (!parts.some((part) => typeof part === "string" && part.includes("{{")))
    return textNode(parts, place(run, pointer));
  const holes = parts.filter((part) => typeof part !== "string");
  const code = parts.map((part) => (typeof part === "string" ? part.replaceAll(HOLE, "") : HOLE)).join("");
  let used = 0;
  const result: Parts = code.split(/(\{\{[^{}]*\}\}|\u0000)/).map((piece) => {
    if (piece === HOLE) return holes[used++] as Hole;
    if (!piece.startsWith("{{") || !piece.endsWith("}}")) return piece;
    const expression = piece.replaceAll(HOLE, () => holeText(holes[used++] as Hole));
    if (run.template.nameOf && /^\{\{changeSet:/.test(expression))
      return { reason: "known only after apply", expression: run.template.nameOf(pointer) };
    const dynamic = /^\{\{\s*resolve:/.test(expression);
    return { reason: dynamic ? "dynamic reference" : "filled in by another tool", expression };
  });
  return textNode(result, place(run, pointer));
}

/** A string as it is written, with the loop variables of Fn::ForEach (`${Name}`, `&{Name}`) filled in. */
export function stringNode(run: Run, raw: string, pointer: string): Node {
  return textOfParts(run, bound(run, raw), pointer);
}

function bound(run: Pick<Run, "bindings">, raw: string): Parts {
  if (run.bindings.size === 0 || !raw.includes("{")) return [raw];
  return raw.split(/([$&]\{\w+\})/).flatMap((piece) => {
    const value = run.bindings.get(piece.slice(2, -1));
    if (!value || !/^[$&]\{/.test(piece)) return [piece];
    const parts = partsOf(value, piece);
    // `&{Name}` leaves out what a logical id cannot hold.
    return piece.startsWith("&")
      ? parts.map((part) => (typeof part === "string" ? part.replace(/[^A-Za-z0-9]/g, "") : part))
      : parts;
  });
}

/** A name in which loop variables that are known are filled in. */
export const boundName = (run: Pick<Run, "bindings">, raw: string): string =>
  run.bindings.size === 0
    ? raw
    : bound(run, raw)
        .map((part) => (typeof part === "string" ? part : `\${${part.expression}}`))
        .join("");

/** A text for Fn::Sub in which the loop variables that are known stand as their values. */
export const boundText = (run: Run, raw: string): string =>
  [...run.bindings.values()].every((node) => node.type === "scalar") ? boundName(run, raw) : raw;

/** Fn::Join of the values of a list. */
export function joinFunction(run: Run, args: Json, pointer: string): Node | undefined {
  const wrong = () => misused(run, pointer, { "Fn::Join": args }, "a delimiter and a list of values");
  if (!Array.isArray(args) || args.length !== 2) return wrong();
  const delimiter = valueOf(run, args[0] as Json, join(pointer, 0));
  const list = valueOf(run, args[1] as Json, join(pointer, 1));
  if (delimiter?.type === "unknown" || list?.type === "unknown" || delimiter?.type === "text")
    return unknown(run, pointer, holeOf(list ?? delimiter), describe({ "Fn::Join": args }));
  if (delimiter?.type !== "scalar" || list?.type !== "list") return wrong();
  const parts = list.items.flatMap((item, i) => [
    ...(i === 0 ? [] : [String(delimiter.value ?? "")]),
    ...partsOf(item, describe({ "Fn::Join": args })),
  ]);
  return textOfParts(run, parts, pointer);
}

const holeOf = (node: Node | undefined): string =>
  node?.type === "unknown" ? node.hole.reason : "made of values that are not known";

/** Fn::Split of a text. The holes stay where they are: what is between two delimiters is one value. */
export function splitFunction(run: Run, args: Json, pointer: string): Node | undefined {
  const [delimiter, source] = Array.isArray(args) && args.length === 2 ? args : [];
  if (typeof delimiter !== "string" || delimiter === "" || source === undefined)
    return misused(run, pointer, { "Fn::Split": args }, "a delimiter and a text");
  const node = valueOf(run, source, join(pointer, 1));
  const expression = describe({ "Fn::Split": args });
  if (node?.type === "unknown") return splitUnknown(run, node.hole, delimiter, expression, pointer);
  if (node?.type !== "scalar" && node?.type !== "text")
    return misused(run, pointer, { "Fn::Split": args }, "a delimiter and a text");
  const pieces: Parts[] = [[]];
  for (const part of partsOf(node, expression)) {
    const [head, ...tail] = typeof part === "string" ? part.split(delimiter) : [part];
    pieces.at(-1)?.push(head as string | Hole);
    pieces.push(...tail.map((piece): Parts => [piece]));
  }
  const items = pieces.map((parts) => textOfParts(run, parts, pointer));
  return { type: "list", items, at: place(run, pointer) };
}

/** Of the ARN of a role, user or key the six parts are known by kind. */
function splitUnknown(run: Run, hole: Hole, delimiter: string, expression: string, pointer: string): Node {
  const arn = hole.type === "role-arn" || hole.type === "user-arn" || hole.type === "key-arn";
  if (delimiter !== ":" || !arn) {
    const type = hole.type === "name" ? hole.type : undefined;
    return unknown(run, pointer, hole.reason, expression, { type });
  }
  const kms = hole.type === "key-arn";
  const piece = (type: Hole["type"]) => unknown(run, pointer, hole.reason, expression, { type });
  const account = unknown(run, pointer, hole.reason, expression, {
    type: "account-id",
    ...(hole.self ? { self: true } : {}),
  });
  const items = [
    scalar(run, pointer, "arn"),
    piece("partition"),
    scalar(run, pointer, kms ? "kms" : "iam"),
    kms ? piece("region") : scalar(run, pointer, ""),
    account,
    piece("name"),
  ];
  return { type: "list", items, at: place(run, pointer) };
}

/** Fn::Select by a position that is known. */
export function selectFunction(run: Run, args: Json, pointer: string): Node | undefined {
  const wrong = () => misused(run, pointer, { "Fn::Select": args }, "a position that exists, and a list");
  if (!Array.isArray(args) || args.length !== 2) return wrong();
  const position = valueOf(run, args[0] as Json, join(pointer, 0));
  const list = valueOf(run, args[1] as Json, join(pointer, 1));
  const expression = describe({ "Fn::Select": args });
  if (position?.type === "unknown" || position?.type === "text")
    return unknown(run, pointer, holeOf(position), expression);
  const index = position?.type === "scalar" && position.value !== "" ? Number(position.value) : Number.NaN;
  if (!Number.isInteger(index) || index < 0) return wrong();
  if (list?.type === "unknown")
    return unknown(run, pointer, list.hole.reason, expression, { type: list.hole.type });
  // Items that are themselves unknown may have been lists' ends: a position beyond them is not judged.
  if (list?.type !== "list") return wrong();
  return list.items[index] ?? wrong();
}

/** Fn::Base64 of a text that is known. */
export function base64Function(run: Run, args: Json, pointer: string): Node | undefined {
  const node = valueOf(run, args, pointer);
  if (node?.type === "scalar" && node.value !== null) return scalar(run, pointer, base64(String(node.value)));
  return unknown(run, pointer, holeOf(node), describe({ "Fn::Base64": args }));
}

/** Of the text in UTF-8. Not Node's Buffer: browsers have none. */
const base64 = (text: string): string =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));

/** Fn::Length of a list that is known. */
export function lengthFunction(run: Run, args: Json, pointer: string): Node | undefined {
  const node = valueOf(run, args, pointer);
  if (node?.type === "list") return scalar(run, pointer, node.items.length);
  return unknown(run, pointer, holeOf(node), describe({ "Fn::Length": args }));
}

/** Fn::ToJsonString: what is not known stands as a string of its own or inside one. */
export function toJsonFunction(run: Run, args: Json, pointer: string): Node | undefined {
  const node = valueOf(run, args, pointer);
  if (node?.type === "unknown")
    return unknown(run, pointer, node.hole.reason, describe({ "Fn::ToJsonString": args }));
  if (!node || (!isMap(args) && !Array.isArray(args)))
    return misused(run, pointer, { "Fn::ToJsonString": args }, "a map or a list");
  return textOfParts(run, jsonParts(node), pointer);
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
