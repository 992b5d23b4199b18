import { type Node, textOf, unknownPartText } from "../model/node.ts";

/** Returns statements as sorted strings that are equal for policies with the same meaning, regardless of their order. */
export const canonicalStatements = (statements: Node[]): string[] =>
  statements.map(canonicalStatement).sort();

/** Matches Region names in every partition: eu-west-1, us-gov-east-1, us-isob-west-1. */
const regions =
  /(?<![A-Za-z0-9-])[a-z]{2,4}(?:-[a-z]+)?-(?:north|south|east|west|central|(?:north|south)(?:east|west))-\d(?![A-Za-z0-9-])/g;

/** Returns a string that is the same for every order and notation of the elements. Region names count as equal. */
function canonicalStatement(statement: Node): string {
  if (statement.type !== "map") return canonicalJson(statement);
  const entries = statement.entries.filter(({ key }) => key !== "Sid");
  return sortedObject(
    entries.map(({ key, value }) => {
      // "*" and {"AWS": "*"} both match every principal.
      const star = /^(Not)?Principal$/.test(key) && textOf(value) === "*";
      return [key, star ? '{"AWS":["*"]}' : canonicalJson(value)];
    }),
  );
}

/** Returns a value as JSON with sorted keys and sorted lists. A single value becomes a list of one. */
function canonicalJson(node: Node): string {
  if (node.type === "map")
    return sortedObject(node.entries.map(({ key, value }) => [key, canonicalJson(value)]));
  const items = node.type === "list" ? node.items : [node];
  if (items.some((item) => item.type === "list" || item.type === "map"))
    return `[${items.map(canonicalJson).sort().join(",")}]`;
  return JSON.stringify(items.map(canonicalString).sort());
}

const sortedObject = (entries: [string, string][]): string =>
  `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${value}`)
    .join(",")}}`;

function canonicalString(node: Node): string {
  const parts =
    node.type === "text" ? node.parts : node.type === "unknown" ? [node.part] : [textOf(node) ?? "null"];
  return parts
    .map((part) =>
      typeof part === "string" ? part : part.type === "region" ? "⟨region⟩" : unknownPartText(part),
    )
    .join("")
    .replace(regions, "⟨region⟩");
}
