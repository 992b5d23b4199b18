import type { Hole } from "../../model/node.ts";

/** Longer than any reference that a person writes. */
const MAX_LENGTH = 2000;

/** Where the placeholder that starts at an offset ends; -1 where none starts there. */
export function placeholderEnd(text: string, start: number): number {
  if (text.startsWith("${", start)) return balancedEnd(text, start + 2);
  if (text.startsWith("{{", start)) {
    const end = text.indexOf("}}", start);
    return end < 0 || end - start > MAX_LENGTH ? -1 : end + 2;
  }
  if (text[start] !== "$") return -1;
  const name = /^[A-Za-z_]\w*/.exec(text.slice(start + 1, start + 200));
  return name === null ? -1 : start + 1 + name[0].length;
}

function balancedEnd(text: string, from: number): number {
  let depth = 1;
  let quoted = false;
  const limit = Math.min(text.length, from + MAX_LENGTH);
  for (let i = from; i < limit; i++) {
    const char = text[i];
    if (char === "\\") i++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "{") depth++;
    else if (!quoted && char === "}" && --depth === 0) return i + 1;
  }
  return -1;
}

/**
 * A text of a policy in its known parts and its holes: what another tool fills in (`${account}`, `$ACCOUNT`,
 * `{{ account }}`). IAM's own variables (`${aws:username}`) stay text, and so does what is escaped (`$${x}`).
 */
export function partsOf(text: string): (string | Hole)[] {
  const parts: (string | Hole)[] = [];
  let known = "";
  for (let i = 0; i < text.length; ) {
    if (text.startsWith("$${", i)) {
      const end = placeholderEnd(text, i + 1);
      if (end > 0) {
        known += text.slice(i + 1, end);
        i = end;
        continue;
      }
    }
    const end = text[i] === "$" || text[i] === "{" ? placeholderEnd(text, i) : -1;
    const written = end < 0 ? (text[i] as string) : text.slice(i, end);
    if (end < 0 || isVariable(written)) known += written;
    else {
      parts.push(known, holeOf(written));
      known = "";
    }
    i += written.length;
  }
  return [...parts, known].filter((part) => part !== "");
}

/**
 * A policy variable of IAM, with or without a default value, or one of its escapes.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const isVariable = (written: string): boolean =>
  /^\$\{(?:[*?$]|\s*[A-Za-z0-9.-]+:[A-Za-z][\w./:-]*\s*(?:,\s*'[^']*'\s*)?)\}$/.test(written);

const pseudoTypes: { [name: string]: Hole["type"] } = {
  "AWS::AccountId": "account-id",
  "AWS::Partition": "partition",
  "AWS::Region": "region",
  "AWS::URLSuffix": "dns-suffix",
};

function holeOf(written: string): Hole {
  const expression = written.replace(/^\$?\{+\s*|^\$|\s*\}+$/g, "");
  const reason = "filled in by another tool";
  if (expression === "AWS::AccountId" || /^data\.aws_caller_identity\.\w+\.account_id$/.test(expression))
    return { reason, expression, type: "account-id", self: true };
  const type = Object.hasOwn(pseudoTypes, expression) ? pseudoTypes[expression] : undefined;
  return { reason, expression, ...(type === undefined ? {} : { type }) };
}
