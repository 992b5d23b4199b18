import { describeAllowed } from "../core/model/allowed-values.ts";
import type { OutputText } from "../core/model/output.ts";
import { categories, formats, type RuleInfo } from "../core/model/report.ts";
import { encodeText } from "./encode.ts";
import { levelStyle } from "./rules.ts";
import { indented, styles, wrap } from "./style.ts";
import type { TextOptions } from "./text.ts";

/** Returns the documentation of a rule for the terminal. */
export function explainRule(rule: RuleInfo, options: TextOptions): OutputText {
  const style = styles(options.color);
  const width = options.width ?? 100;
  const paragraph = (text: string) => wrap(text, width, "  ");
  const items = (texts: string[]) => texts.map((text) => `  - ${wrap(text, width, "    ").trimStart()}`);
  const section = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : ["", style.bold(title), ...lines];
  const inputs = rule.formats.map((format) => formats[format] ?? format).join(", ");
  const lines = [
    `${style.bold(rule.id)}: ${rule.title}`,
    `${levelStyle(rule, style)(rule.level)}; ${categories[rule.category]}; ${inputs}`,
    ...section("Detects", rule.finds === "" ? [] : [paragraph(rule.finds)]),
    ...section("Why", [paragraph(rule.why)]),
    ...section("Fix", [paragraph(rule.remediation), ...snippets(rule)]),
    ...section(
      "Settings",
      Object.entries(rule.settings).flatMap(([path, schema]) => [
        `  ${path}: ${describeAllowed(schema)} (default: ${JSON.stringify(schema.default)})`,
        ...(schema.description === undefined ? [] : [wrap(schema.description, width, "    ")]),
      ]),
    ),
    ...section("Exceptions", items(rule.exceptions)),
    ...section("When not to use it", rule.whenNot === undefined ? [] : [paragraph(rule.whenNot)]),
    ...section(
      "Controls",
      Object.entries(rule.controls).map(([framework, ids]) => `  ${framework}: ${ids.join(", ")}`),
    ),
    ...section(
      "References",
      rule.references.map((reference) => `  ${reference}`),
    ),
  ];
  return encodeText(`${lines.join("\n")}\n`, options.color);
}

function snippets({ snippets }: RuleInfo): string[] {
  const { policy, cloudformation, terraform, kubernetes } = snippets;
  const snippetsByFormat: [string, string | undefined][] = [
    ["Key policy", policy],
    ["CloudFormation", cloudformation],
    ["Terraform", terraform],
    ["Kubernetes", kubernetes],
  ];
  return snippetsByFormat.flatMap(([name, snippet]) =>
    snippet === undefined ? [] : ["", `  ${name}:`, ...indented(snippet.split("\n"), "    ")],
  );
}
