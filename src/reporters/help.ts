import type { RuleInfo } from "../core/model/report.ts";

const LANGUAGES = [
  ["policy", "Key policy", "json"],
  ["cloudformation", "CloudFormation", "yaml"],
  ["terraform", "Terraform", "hcl"],
  ["kubernetes", "Kubernetes", "yaml"],
] as const;

/** All about a rule that helps somebody who has a finding of it, as Markdown. */
export function ruleMarkdown({
  finds,
  why,
  remediation,
  snippets,
  exceptions,
  references,
}: RuleInfo): string {
  const pasted = LANGUAGES.flatMap(([format, name, language]) => {
    const snippet = snippets[format];
    return snippet === undefined ? [] : [`${name}:`, fenced(snippet, language)];
  });
  return [
    ...(finds === "" ? [] : [finds]),
    why,
    `**What to write instead:** ${remediation}`,
    ...pasted,
    ...(exceptions.length === 0 ? [] : ["**What it lets pass**", exceptions.map((e) => `- ${e}`).join("\n")]),
    ...(references.length === 0 ? [] : ["**To read on**", references.map((r) => `- <${r}>`).join("\n")]),
  ].join("\n\n");
}

/** The same in few words. */
export const ruleText = ({ finds, why, remediation }: RuleInfo): string =>
  [finds, why, `What to write instead: ${remediation}`].filter((part) => part !== "").join("\n");

/** A block of code that its text cannot end. */
export function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}
