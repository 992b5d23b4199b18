import type { Policy, PolicySize } from "../model/document.ts";
import { holeText, locationOf, type Node, textOf } from "../model/node.ts";

/** How large a policy is, and what it says whatever its order. `items` are its statements. */
export const measure = (node: Node, items: Node[], address: string): Pick<Policy, "size" | "canonical"> => ({
  size: sizeOf(node, address),
  canonical: items.map(canonical).sort(),
});

function sizeOf(policy: Node, address: string): PolicySize {
  let bytes = 0;
  let more = false;
  let foreign: PolicySize["unsupportedCharacter"];
  const add = (text: string) => {
    bytes += utf8(text);
  };
  const string = (text: string, node: Node) => {
    add(JSON.stringify(text).slice(1, -1));
    const found = foreignIn.exec(text)?.[0];
    if (found !== undefined) foreign ??= { text: found, location: locationOf(node.at, address) };
  };
  const walk = (node: Node): void => {
    switch (node.type) {
      case "unknown":
        more = true;
        break;
      case "scalar":
        if (typeof node.value !== "string") add(String(node.value));
        else {
          add('""');
          string(node.value, node);
        }
        break;
      case "text":
        add('""');
        more = true;
        for (const part of node.parts) if (typeof part === "string") string(part, node);
        break;
      case "list":
        add("[]".padEnd(node.items.length + 1, ","));
        node.items.forEach(walk);
        break;
      case "map":
        add("{}".padEnd(node.entries.length + 1, ","));
        for (const { key, value } of node.entries) {
          add('"":');
          // A name in which something is not known has it between brackets.
          const known = key.replace(/⟨[^⟩]*⟩/g, "");
          if (known !== key) more = true;
          string(known, value);
          walk(value);
        }
    }
  };
  walk(policy);
  return { bytes, isLowerBound: more, ...(foreign === undefined ? {} : { unsupportedCharacter: foreign }) };
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
const foreignIn = /[^\t\n\r\u0020-\u00FF]/u;

const encoder = new TextEncoder();
const utf8 = (text: string): number => encoder.encode(text).length;

/** Names of Regions, in every partition: eu-west-1, us-gov-east-1, us-isob-west-1. */
const regions =
  /(?<![A-Za-z0-9-])[a-z]{2,4}(?:-[a-z]+)?-(?:north|south|east|west|central|(?:north|south)(?:east|west))-\d(?![A-Za-z0-9-])/g;

/** One statement as text that is the same for every order and notation of its parts. */
function canonical(statement: Node): string {
  if (statement.type !== "map") return JSON.stringify(plain(statement));
  const entries = statement.entries.filter(({ key }) => key !== "Sid");
  return JSON.stringify(
    sorted(
      entries.map(({ key, value }) => {
        // Both mean everyone.
        const star = /^(Not)?Principal$/.test(key) && textOf(value) === "*";
        return [key, star ? { AWS: ["*"] } : plain(value)];
      }),
    ),
  );
}

/** Maps with sorted keys, sorted lists; a single value is a list of one. */
function plain(node: Node): unknown {
  if (node.type === "map") return sorted(node.entries.map(({ key, value }) => [key, plain(value)]));
  const items = node.type === "list" ? node.items : [node];
  if (items.some((item) => item.type === "list" || item.type === "map"))
    return items.map((item) => JSON.stringify(plain(item))).sort();
  return items.map(text).sort();
}

const sorted = (entries: [string, unknown][]): object =>
  Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));

function text(node: Node): string {
  const parts =
    node.type === "text" ? node.parts : node.type === "unknown" ? [node.hole] : [textOf(node) ?? "null"];
  return parts
    .map((part) => (typeof part === "string" ? part : part.type === "region" ? "⟨region⟩" : holeText(part)))
    .join("")
    .replace(regions, "⟨region⟩");
}
