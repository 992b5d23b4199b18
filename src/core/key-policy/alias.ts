import { type Node, type UnknownPart, unknownPartText } from "../model/node.ts";

const UNKNOWN = "\0";
const AWS_MANAGED = "alias/aws/";

/**
 * Returns the alias name (`alias/orders`) in an alias name or alias ARN. If `certain` is false, the unknown parts decide
 * whether the alias belongs to an AWS managed key (`alias/aws/…`).
 */
export function parseAlias(node: Node): { name: string; certain: boolean } | undefined {
  if (node.type !== "scalar" && node.type !== "text") return undefined;
  const parts = node.type === "text" ? node.parts : [String(node.value)];
  const encoded = parts
    .map((part) => (typeof part === "string" ? part.replaceAll(UNKNOWN, "") : UNKNOWN))
    .join("");
  const name = /^(?:(?:arn:[^:]*|\0):kms:[^:]*:[^:]*:)?(alias\/.+)$/.exec(encoded)?.[1];
  if (name === undefined) return undefined;
  const known = name.slice(0, `${name}${UNKNOWN}`.indexOf(UNKNOWN));
  const unknownParts = parts.filter((part) => typeof part !== "string");
  let skipped = [...encoded.slice(0, encoded.length - name.length)].filter((char) => char === UNKNOWN).length;
  return {
    name: name.replaceAll(UNKNOWN, () => unknownPartText(unknownParts[skipped++] as UnknownPart)),
    certain: name === known || known === AWS_MANAGED || !AWS_MANAGED.startsWith(known),
  };
}
