/**
 * Evaluates one condition as AWS documents it:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
import { inRange } from "./address.ts";
import { multivalued } from "./kms.ts";
import { matches, splitAtColons, type Token, tokens } from "./pattern.ts";
import { all, any, not, type Truth, truthOf } from "./truth.ts";

/** The context of a request: the values of each key that the request carries, by key in lower case. */
export interface Context {
  values: ReadonlyMap<string, readonly string[]>;
  /** Keys for which AWS does not document whether such a caller carries them. */
  undocumented: ReadonlySet<string>;
}

const negated: { [operator: string]: string } = {
  stringnotequals: "stringequals",
  stringnotequalsignorecase: "stringequalsignorecase",
  stringnotlike: "stringlike",
  numericnotequals: "numericequals",
  datenotequals: "dateequals",
  notipaddress: "ipaddress",
  arnnotequals: "arnlike",
  arnnotlike: "arnlike",
};

export function conditionHolds(
  written: string,
  key: string,
  values: readonly string[],
  { values: context, undocumented }: Context,
  variables: boolean,
): Truth {
  const [, set, name, ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(
    written.toLowerCase(),
  ) as string[];
  if (undocumented.has(key)) return "maybe";
  const actual = context.get(key);
  if (name === "null")
    return any(values.map((value) => truthOf((value.toLowerCase() === "true") === (actual === undefined))));
  const positive = negated[name as string];
  if (actual === undefined) {
    if (ifExists !== undefined || set === "forallvalues") return "yes";
    return truthOf(positive !== undefined && set !== "foranyvalue");
  }
  const one = (value: string): Truth => {
    const matched = any(
      values.map((wanted) =>
        matchesValue(
          positive ?? (name as string),
          wanted,
          value,
          { values: context, undocumented },
          variables,
        ),
      ),
    );
    // AWS does not document what a negated operator makes of a variable without value.
    return positive === undefined ? matched : not(matched);
  };
  if (set === "forallvalues") return all(actual.map(one));
  if (set === "foranyvalue") return any(actual.map(one));
  // The result for a multivalued key without a set operator is undocumented.
  return multivalued.has(key) ? "maybe" : one(actual[0] as string);
}

function matchesValue(
  operator: string,
  wanted: string,
  actual: string,
  context: Context,
  variables: boolean,
): Truth {
  switch (operator) {
    case "stringequals":
    case "stringequalsignorecase":
    case "stringlike":
    case "arnequals":
    case "arnlike": {
      const pattern = variables
        ? substituted(wanted, operator !== "stringequals" && operator !== "stringequalsignorecase", context)
        : tokens(wanted, operator.endsWith("like") || operator.startsWith("arn"));
      if (pattern === undefined) return "maybe";
      if (operator.startsWith("arn")) return arnMatches(pattern, actual);
      return truthOf(matches(pattern, actual, operator === "stringequalsignorecase"));
    }
    case "bool":
      return truthOf(wanted.toLowerCase() === actual.toLowerCase());
    case "ipaddress":
      return truthOf(inRange(actual, wanted));
  }
  const [, family, relation] = /^(numeric|date)(.*)$/.exec(operator) ?? [];
  if (family === undefined) throw new Error(`Unexpected operator ${operator}`);
  const number = (text: string): number => (family === "date" ? Date.parse(text) : Number(text));
  const [left, right] = [number(actual), number(wanted)];
  switch (relation) {
    case "equals":
      return truthOf(left === right);
    case "lessthan":
      return truthOf(left < right);
    case "lessthanequals":
      return truthOf(left <= right);
    case "greaterthan":
      return truthOf(left > right);
    default:
      return truthOf(left >= right);
  }
}

/** Compares an ARN as AWS does, each of the six components on its own. */
function arnMatches(pattern: readonly Token[], actual: string): Truth {
  const [first] = pattern;
  if (pattern.length === 1 && first?.wildcard === true && first.char === "*") return "yes";
  const wanted = splitAtColons(pattern, 6);
  if (wanted.length < 6) return wanted.some((part) => part.some(({ wildcard }) => wildcard)) ? "maybe" : "no";
  const parts = splitAtColons(tokens(actual, false), 6).map((part) => part.map(({ char }) => char).join(""));
  return truthOf(parts.length === 6 && wanted.every((part, i) => matches(part, parts[i] as string)));
}

/**
 * Replaces policy variables; returns undefined if one has no value and no default.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
function substituted(text: string, wildcards: boolean, context: Context): Token[] | undefined {
  const result: Token[] = [];
  for (const part of text.split(/(\$\{[^}]*\})/)) {
    const [, name, fallback] = /^\$\{\s*([^,}]*?)\s*(?:,\s*'([^']*)'\s*)?\}$/.exec(part) ?? [];
    if (name === undefined) result.push(...tokens(part, wildcards));
    else if (/^[*?$]$/.test(name)) result.push(...tokens(name, false));
    else {
      const key = name.toLowerCase();
      const [value = fallback, ...more] = context.values.get(key) ?? [];
      if (value === undefined || more.length > 0 || multivalued.has(key) || context.undocumented.has(key))
        return undefined;
      result.push(...tokens(value, false));
    }
  }
  return result;
}
