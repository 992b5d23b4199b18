import type { OutputText } from "../../../core/model/output.ts";
import { categories, type RuleInfo } from "../../../core/model/report.ts";
import { encodeJson, joinOutputs } from "../../../reporters/encode.ts";
import { explainRule } from "../../../reporters/explain.ts";
import { rulesTable } from "../../../reporters/rules.ts";
import { bundledRules } from "../../../session/assets.ts";
import { didYouMean } from "../../../session/flags/suggestion.ts";
import type { Invocation } from "../../../session/invocation.ts";
import { type TextStyle, writeOutputs } from "../output.ts";
import { readOutputs } from "../output-flags.ts";

/** Maximum number of rules that `explain` prints in full. It prints a table of more rules. */
const MAX_EXPLAINED = 3;

/** Runs `keywarden rules [FILTER…]`. A rule matches if each word is in its ID, title, category or controls. */
export function rulesCommand(invocation: Invocation): number | string {
  const all = bundledRules(invocation.io);
  const searchTerms = invocation.arguments.map((word) => word.toLowerCase());
  const matching = all.filter((rule) => {
    const texts = searchedTexts(rule);
    return searchTerms.every((word) => texts.some((text) => text.includes(word)));
  });
  if (matching.length === 0)
    return `no rule matches "${invocation.arguments.join(" ")}".${suggestion(searchTerms, all)}`;
  return printResult(invocation, matching, (style) => rulesTable(matching, style));
}

/** Runs `keywarden explain RULE|CONTROL`. */
export function explainCommand(invocation: Invocation): number | string {
  const all = bundledRules(invocation.io);
  const name = invocation.arguments.join(" ");
  const id = name.replaceAll("-", "_");
  const rule = all.find((rule) => rule.id === id);
  if (rule !== undefined) return printResult(invocation, rule, (style) => explainRule(rule, style));
  const matching = all.filter((rule) => controlsOf(rule).some((control) => isSame(control, name)));
  if (matching.length === 0) return `there is no rule or control "${name}".${suggestion([name], all)}`;
  if (matching.length > MAX_EXPLAINED)
    return printResult(invocation, matching, (style) => rulesTable(matching, style));
  return printResult(invocation, matching, (style) =>
    joinOutputs(
      "\n",
      matching.map((rule) => explainRule(rule, style)),
    ),
  );
}

const isSame = (control: string, name: string): boolean => control.toLowerCase() === name.toLowerCase();

const controlsOf = ({ controls }: RuleInfo): string[] => Object.values(controls).flat();

const searchedTexts = (rule: RuleInfo): string[] =>
  [
    rule.id,
    rule.id.replaceAll("_", "-"),
    rule.id.replaceAll("_", " "),
    rule.title,
    rule.category,
    categories[rule.category],
    ...Object.keys(rule.controls),
    ...controlsOf(rule),
  ].map((text) => text.toLowerCase());

/** Also suggests words in rule IDs, because people search for them. */
function suggestion(searchTerms: string[], all: RuleInfo[]): string {
  const names = all.flatMap((rule) => [rule.id, rule.category, ...controlsOf(rule)]);
  const parts = all.flatMap(({ id }) => id.split("_")).filter((part) => part.length > 3);
  const near = searchTerms.map((word) => didYouMean(word, names) || didYouMean(word, parts)).find(Boolean);
  return `${near ?? ""} Run "keywarden rules" to list all rules.`;
}

/** Prints text, or the value as JSON. */
function printResult(
  invocation: Invocation,
  value: object,
  text: (style: TextStyle) => OutputText,
): number | string {
  const outputs = readOutputs({
    requested: invocation.flags.output,
    formats: ["text", "json"],
    compat: false,
  });
  if (typeof outputs === "string") return outputs;
  return writeOutputs(invocation, outputs, 0, (format, style) =>
    format === "json" ? encodeJson(value, 2) : text(style),
  );
}
