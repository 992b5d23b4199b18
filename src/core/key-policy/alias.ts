import { type Hole, holeText, type Node } from "../model/node.ts";

const HOLE = "\0";
const MANAGED = "alias/aws/";

/**
 * The alias of a name or of an ARN: `alias/orders`. `certain`: whether it is one of AWS's own (`alias/aws/…`) does not
 * hang on its unknown parts.
 */
export function aliasIn(node: Node): { name: string; certain: boolean } | undefined {
  if (node.type !== "scalar" && node.type !== "text") return undefined;
  const parts = node.type === "text" ? node.parts : [String(node.value)];
  const marked = parts.map((part) => (typeof part === "string" ? part.replaceAll(HOLE, "") : HOLE)).join("");
  const name = /^(?:(?:arn:[^:]*|\0):kms:[^:]*:[^:]*:)?(alias\/.+)$/.exec(marked)?.[1];
  if (name === undefined) return undefined;
  const known = name.slice(0, `${name}${HOLE}`.indexOf(HOLE));
  const holes = parts.filter((part) => typeof part !== "string");
  let skipped = [...marked.slice(0, marked.length - name.length)].filter((char) => char === HOLE).length;
  return {
    name: name.replaceAll(HOLE, () => holeText(holes[skipped++] as Hole)),
    certain: name === known || known === MANAGED || !MANAGED.startsWith(known),
  };
}
