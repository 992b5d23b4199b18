import type { UnknownPart } from "../../model/node.ts";

/** Maximum length of a placeholder, in characters. */
const MAX_LENGTH = 2000;

/** Returns the end offset of the placeholder that starts at an offset, or -1 if none starts there. */
export function placeholderEnd(text: string, start: number): number {
  const char = text[start] as string;
  if (!"${<%@#".includes(char)) return -1;
  if (char !== "{" && text[start + 1] === "{") return char === "<" ? -1 : balancedEnd(text, start + 2);
  if (text.startsWith("{{", start)) return closedBy("}}", text, start);
  if (text.startsWith("<%", start)) return closedBy("%>", text, start);
  const name = /^(?:\$[A-Za-z_]\w*|@@[\w.:-]+@@)/.exec(text.slice(start, start + 200));
  return name === null ? -1 : start + name[0].length;
}

function closedBy(close: string, text: string, start: number): number {
  // A search to the end of the text would take too long for a text of many open placeholders.
  const length = text.slice(start, start + MAX_LENGTH + close.length).indexOf(close);
  return length < 0 ? -1 : start + length + close.length;
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

type Parts = (string | UnknownPart)[];

/**
 * Splits a policy string into known parts and placeholders for another tool (`${account}`, `$ACCOUNT`,
 * `{{ account }}`, `<%= account %>`, `@@ACCOUNT@@`). IAM policy variables (`${aws:username}`) and escaped placeholders
 * (`$${x}`) are known parts.
 */
export const placeholderParts = (text: string): Parts =>
  replaceTokens(text, (token) => {
    if (token.startsWith("$$")) return token.slice(1);
    return isPolicyVariable(token) ? token : unknownPart(token);
  });

/**
 * Splits a string of a CloudFormation template at the placeholders that only another tool can fill in: variables of the
 * Serverless Framework, and names in capitals that the template does not define.
 */
export const templatePlaceholderParts = (text: string, isDefined: (name: string) => boolean): Parts =>
  replaceTokens(text, (token) => {
    if (token.startsWith("{{")) return token;
    const name = /^\$\{?([A-Z][A-Z0-9_]+)\}?$/.exec(token)?.[1];
    const isForeign =
      name === undefined ? !token.startsWith("$") || serverlessVariable.test(token) : !isDefined(name);
    return isForeign ? unknownPart(token) : token;
  });

/** Replaces each placeholder, and each escaped one (`$${x}`), by what a function returns for it. */
function replaceTokens(text: string, read: (token: string) => string | UnknownPart): Parts {
  const parts: Parts = [];
  let known = "";
  for (let i = 0; i < text.length; ) {
    const escaped = text.startsWith("$${", i) ? placeholderEnd(text, i + 1) : -1;
    const end = escaped > 0 ? escaped : placeholderEnd(text, i);
    const token = end < 0 ? (text[i] as string) : text.slice(i, end);
    const part = end < 0 ? token : read(token);
    if (typeof part === "string") known += part;
    else {
      parts.push(known, part);
      known = "";
    }
    i += token.length;
  }
  return [...parts, known].filter((part) => part !== "");
}

/** https://www.serverless.com/framework/docs/providers/aws/guide/variables */
const serverlessVariable =
  /^\$\{\s*(?:(?:self|opt|env|param|sls|git|custom|file|strToBool|terraform|vault|output)\s*[:(]|cf[.(:]|ssm[.(:](?!resourceTag)|aws:(?:accountId|region)\s*[,}])/;

/**
 * Returns whether the string is an IAM policy variable, with or without a default value, or an escaped character.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const isPolicyVariable = (placeholder: string): boolean =>
  !serverlessVariable.test(placeholder) &&
  /^\$\{(?:[*?$]|\s*[A-Za-z0-9.-]+:[A-Za-z][\w./:-]*\s*(?:,\s*'[^']*'\s*)?)\}$/.test(placeholder);

const pseudoTypes: { [name: string]: UnknownPart["type"] } = {
  "AWS::AccountId": "account-id",
  "AWS::Partition": "partition",
  "AWS::Region": "region",
  "AWS::URLSuffix": "dns-suffix",
  "aws:region": "region",
};

const ownAccount = /^(?:AWS::AccountId|aws:accountId|data\.aws_caller_identity\.\w+\.account_id)$/;

function unknownPart(placeholder: string): UnknownPart {
  const open = /^(?:[$%#@]?(\{+)|<%[=-]?|@@|\$)/.exec(placeholder) as RegExpExecArray;
  const closeLength = open[1]?.length ?? (open[0] === "$" ? 0 : 2);
  const expression = placeholder.slice(open[0].length, placeholder.length - closeLength).trim();
  const reason = "filled in by another tool";
  if (ownAccount.test(expression)) return { reason, expression, type: "account-id", self: true };
  const type = Object.hasOwn(pseudoTypes, expression) ? pseudoTypes[expression] : undefined;
  return { reason, expression, ...(type === undefined ? {} : { type }) };
}
