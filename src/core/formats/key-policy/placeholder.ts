import type { UnknownPart } from "../../model/node.ts";

/** Maximum length of a placeholder, in characters. */
const MAX_LENGTH = 2000;

/** Returns the end offset of the placeholder that starts at an offset, or -1 if none starts there. */
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
 * Splits a policy string into known parts and placeholders for another tool (`${account}`, `$ACCOUNT`,
 * `{{ account }}`). IAM policy variables (`${aws:username}`) and escaped placeholders (`$${x}`) are known parts.
 */
export function placeholderParts(text: string): (string | UnknownPart)[] {
  const parts: (string | UnknownPart)[] = [];
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
    const token = end < 0 ? (text[i] as string) : text.slice(i, end);
    if (end < 0 || isPolicyVariable(token)) known += token;
    else {
      parts.push(known, unknownPart(token));
      known = "";
    }
    i += token.length;
  }
  return [...parts, known].filter((part) => part !== "");
}

/**
 * Returns whether the string is an IAM policy variable, with or without a default value, or an escaped character.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const isPolicyVariable = (placeholder: string): boolean =>
  /^\$\{(?:[*?$]|\s*[A-Za-z0-9.-]+:[A-Za-z][\w./:-]*\s*(?:,\s*'[^']*'\s*)?)\}$/.test(placeholder);

const pseudoTypes: { [name: string]: UnknownPart["type"] } = {
  "AWS::AccountId": "account-id",
  "AWS::Partition": "partition",
  "AWS::Region": "region",
  "AWS::URLSuffix": "dns-suffix",
};

function unknownPart(placeholder: string): UnknownPart {
  const expression = placeholder.replace(/^\$?\{+\s*|^\$|\s*\}+$/g, "");
  const reason = "filled in by another tool";
  if (expression === "AWS::AccountId" || /^data\.aws_caller_identity\.\w+\.account_id$/.test(expression))
    return { reason, expression, type: "account-id", self: true };
  const type = Object.hasOwn(pseudoTypes, expression) ? pseudoTypes[expression] : undefined;
  return { reason, expression, ...(type === undefined ? {} : { type }) };
}
