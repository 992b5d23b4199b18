import type { RuleInfo } from "../core/model/report.ts";

const LANGUAGES = [
  ["policy", "Key policy", "json"],
  ["cloudformation", "CloudFormation", "yaml"],
  ["terraform", "Terraform", "hcl"],
  ["kubernetes", "Kubernetes", "yaml"],
] as const;

/** Returns the documentation of a rule as Markdown, for readers of a finding. */
export function ruleMarkdown({
  finds,
  why,
  remediation,
  snippets,
  exceptions,
  references,
}: RuleInfo): string {
  const snippetBlocks = LANGUAGES.flatMap(([format, name, language]) => {
    const snippet = snippets[format];
    return snippet === undefined ? [] : [`${name}:`, fenced(snippet, language)];
  });
  return [
    ...(finds === "" ? [] : [finds]),
    why,
    `**Fix:** ${remediation}`,
    ...snippetBlocks,
    ...(exceptions.length === 0 ? [] : ["**Exceptions**", exceptions.map((e) => `- ${e}`).join("\n")]),
    ...(references.length === 0 ? [] : ["**References**", references.map((r) => `- <${r}>`).join("\n")]),
  ].join("\n\n");
}

/** Returns a shorter version of the documentation as plain text. */
export const ruleText = ({ finds, why, remediation }: RuleInfo): string =>
  [finds, why, `Fix: ${remediation}`].filter((part) => part !== "").join("\n");

/** Returns a Markdown code block with a fence that is longer than any in the text. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
