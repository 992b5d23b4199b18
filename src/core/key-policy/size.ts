import type { PolicySize } from "../model/document.ts";
import { locationOf, type Node } from "../model/node.ts";

/**
 * Returns the size of a policy as minified JSON, and the first character that AWS KMS doesn't accept. Unknown parts
 * count as empty, so the size is a lower bound if there are any.
 */
export function policySize(policy: Node, address: string): PolicySize {
  let bytes = 0;
  let isLowerBound = false;
  let unsupportedCharacter: PolicySize["unsupportedCharacter"];
  const add = (text: string) => {
    bytes += byteLength(text);
  };
  const addString = (text: string, node: Node) => {
    add(JSON.stringify(text).slice(1, -1));
    const found = unsupported.exec(text)?.[0];
    if (found !== undefined) unsupportedCharacter ??= { text: found, location: locationOf(node.at, address) };
  };
  const walk = (node: Node): void => {
    switch (node.type) {
      case "unknown":
        isLowerBound = true;
        break;
      case "scalar":
        if (typeof node.value !== "string") add(String(node.value));
        else {
          add('""');
          addString(node.value, node);
        }
        break;
      case "text":
        add('""');
        isLowerBound = true;
        for (const part of node.parts) if (typeof part === "string") addString(part, node);
        break;
      case "list":
        add("[]".padEnd(node.items.length + 1, ","));
        node.items.forEach(walk);
        break;
      case "map":
        add("{}".padEnd(node.entries.length + 1, ","));
        for (const { key, value } of node.entries) {
          add('"":');
          // Unknown parts of a name are in brackets.
          const known = key.replace(/⟨[^⟩]*⟩/g, "");
          if (known !== key) isLowerBound = true;
          addString(known, value);
          walk(value);
        }
    }
  };
  walk(policy);
  return { bytes, isLowerBound, ...(unsupportedCharacter === undefined ? {} : { unsupportedCharacter }) };
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
const unsupported = /[^\t\n\r\u0020-\u00FF]/u;

const encoder = new TextEncoder();
const byteLength = (text: string): number => encoder.encode(text).length;
