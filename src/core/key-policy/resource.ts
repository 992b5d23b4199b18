import type { Statement } from "../model/document.ts";
import type { Node } from "../model/node.ts";
import type { PolicyContext } from "./context.ts";
import { coded, hasHole, isHole, matches } from "./pattern.ts";

/**
 * Whether a Resource element matches the key that its policy is attached to. A key's ARN holds an id that is not
 * known before the key exists: where the input has no ARN, a well-formed key ARN may be the key's own.
 */
export function onKey(nodes: Node[], notResource: boolean, context: PolicyContext): Statement["matchesKey"] {
  const answers = nodes.map((node) => one(node, context));
  const best = answers.includes("yes") ? "yes" : answers.includes("unknown") ? "unknown" : "no";
  if (!notResource || best === "unknown") return best;
  return best === "yes" ? "no" : "yes";
}

function one(node: Node, context: PolicyContext): Statement["matchesKey"] {
  if (node.type === "unknown") {
    const { type } = node.hole;
    return type === undefined || type === "key-arn" ? "yes" : "no";
  }
  const text = coded(node);
  if (text === null) return "no";
  const { code } = text;
  if (/^\*+$/.test(code)) return "yes";
  if (context.arn !== undefined) return meets(code, context.arn) ? "yes" : "no";
  if (!couldBeKey(code)) return "no";
  const literal = !/[*?]/.test(code) && !hasHole(code);
  return literal && !context.bare ? "unknown" : "yes";
}

/** A hole may stand for any text. */
const meets = (code: string, arn: string): boolean =>
  matches([...code].map((char) => (isHole(char) ? "*" : char)).join(""), arn);

/** Whether some key ARN matches: each segment of the pattern is compared with that of a key. */
function couldBeKey(code: string): boolean {
  if (hasHole(code[0] ?? "")) return !/:(alias|root|role|user)\b/.test(code);
  const open = (segment: string | undefined, word: string): boolean =>
    segment === undefined || [...segment].some(isHole) || matches(segment, word);
  const [arn, , service, , , ...rest] = code.split(":");
  if (rest.length === 0)
    return /[*?]/.test(code) && matches(code, "arn:aws:kms:eu-west-1:111122223333:key/0");
  const resource = rest.join(":");
  const kind = resource.split("/")[0] as string;
  return (
    open(arn, "arn") &&
    open(service, "kms") &&
    (open(kind, "key") || (/\*/.test(kind) && matches(kind, "key/0")))
  );
}
