/** Generates the page of a rule from its METADATA and its examples. */
import { readFileSync } from "node:fs";
import type { Engine } from "../../src/core/engine/engine.ts";
import { describeAllowed } from "../../src/core/model/allowed-values.ts";
import { categories, formats, type RuleInfo } from "../../src/core/model/report.ts";
import { renderText } from "../../src/reporters/text.ts";
import { checkExample, exampleNames } from "../examples.ts";
import { hclOf } from "./hcl.ts";

const root = new URL("../..", import.meta.url).pathname;

export interface Example {
  name: string;
  verdict: string;
  format: string;
  text: string;
}

const ORDER = ["policy", "cloudformation", "source", "plan"];

/** Returns the examples of a rule. Those with a note in their name come last. */
function examplesOf(rule: string): Example[] {
  const folder = `${root}policies/kms/rules/${rule}/examples`;
  return exampleNames(rule)
    .map((name): Example => {
      const [, verdict = "", format = ""] = /^([a-z]+)[^.]*\.(\w+)\./.exec(name) ?? [];
      return { name, verdict, format, text: readFileSync(`${folder}/${name}`, "utf8") };
    })
    .sort((a, b) => Number(noted(a)) - Number(noted(b)) || (a.name < b.name ? -1 : 1));
}

const noted = ({ name }: Example): boolean => /^[a-z]+-/.test(name);

export function page(rule: RuleInfo, engine: Engine): string {
  const examples = examplesOf(rule.id);
  const shown = [...new Set([...ORDER, ...rule.formats])].filter((format) => rule.formats.includes(format));
  const first = (verdict: string, format: string) =>
    examples.find((example) => example.verdict === verdict && example.format === format);
  const bad = examples.some(({ verdict }) => verdict === "fail") ? "fail" : "unknown";
  const failing = shown.map((format) => first(bad, format)).find((example) => example !== undefined);
  const sections: (string | undefined)[] = [
    `# ${rule.title}`,
    [
      `| rule | level | category | formats |`,
      `|---|---|---|---|`,
      `| \`${rule.id}\` | ${rule.level} | ${categories[rule.category]} | ${shown.map((f) => formats[f] ?? f).join(", ")} |`,
    ].join("\n"),
    prose(rule.finds) || undefined,
    `## Why\n\n${prose(rule.why)}`,
    ...inFormats(bad === "fail" ? "Failing example" : "Unknown example", shown, (format) =>
      first(bad, format),
    ),
    failing && found(rule, failing, engine),
    ...inFormats("Passing example", shown, (format) => first("pass", format)),
    `## Fix\n\n${prose(rule.remediation)}`,
    ...snippets(rule),
    settings(rule),
    list("Exceptions", rule.exceptions.map(prose)),
    list("Unknown verdicts", unknowns(rule, examples, engine)),
    rule.whenNot === undefined ? undefined : `## When to turn it off\n\n${prose(rule.whenNot)}`,
    list(
      "Controls",
      Object.entries(rule.controls).map(([framework, ids]) => `${framework}: ${ids.join(", ")}`),
    ),
    list(
      "References",
      rule.references.map((reference) => `<${reference}>`),
    ),
  ];
  return `${sections.filter((section) => section !== undefined).join("\n\n")}\n`;
}

function inFormats(
  title: string,
  shown: string[],
  exampleIn: (format: string) => Example | undefined,
): string[] {
  const parts = shown.flatMap((format) => {
    // A plan is shown as the source that led to it, so it is redundant if there is a source example.
    const example = format === "plan" && exampleIn("source") !== undefined ? undefined : exampleIn(format);
    return example === undefined ? [] : [`${formatName(format)}:\n\n${source(example)}`];
  });
  return parts.length === 0 ? [] : [`## ${title}`, ...parts];
}

const formatName = (format: string): string => {
  const name = format === "plan" || format === "source" ? "Terraform" : (formats[format] ?? format);
  return name.charAt(0).toUpperCase() + name.slice(1);
};

function source({ name, format, text }: Example): string {
  if (format === "plan") return codeBlock("hcl", hclOf(JSON.parse(text)));
  if (format === "source") return codeBlock("hcl", text);
  return codeBlock(name.endsWith(".json") ? "json" : "yaml", text);
}

const codeBlock = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** File names for formats whose name differs. */
const fileNames: { [format: string]: string } = { cloudformation: "template", source: "main" };

/** Returns the output of the command line for the rule. */
function found(rule: RuleInfo, example: Example, engine: Engine): string | undefined {
  const name = fileNames[example.format] ?? example.format;
  const path = `${name}.${example.name.split(".").at(-1)}`;
  const report = checkExample(engine, rule.id, { path, text: example.text });
  const findings = report.findings.filter((finding) => finding.rule === rule.id);
  if (findings.length === 0) return undefined;
  const printed = renderText({ ...report, findings }, { color: false });
  const withoutSummary = printed.slice(0, printed.trimEnd().lastIndexOf("\n\n"));
  return `Keywarden output (${formatName(example.format)}${example.format === "plan" ? " plan" : ""}):\n\n${codeBlock("", withoutSummary)}`;
}

function snippets({ snippets }: RuleInfo): string[] {
  const { policy, cloudformation, terraform, kubernetes } = snippets;
  const shown: [string, string, string | undefined][] = [
    ["Key policy", "json", policy],
    ["CloudFormation", "yaml", cloudformation],
    ["Terraform", "hcl", terraform],
    ["Kubernetes", "yaml", kubernetes],
  ];
  return shown.flatMap(([name, language, snippet]) =>
    snippet === undefined ? [] : [`${name}:\n\n${codeBlock(language, snippet)}`],
  );
}

function settings(rule: RuleInfo): string | undefined {
  const rows = Object.entries(rule.settings).map(
    ([path, schema]) =>
      `| \`${path}\` | ${cell(describeAllowed(schema))} | ${cell(`\`${JSON.stringify(schema.default)}\``)} | ${cell(schema.description ?? "")} |`,
  );
  if (rows.length === 0) return undefined;
  return [
    "## Settings",
    "",
    "| setting | type | default | description |",
    "|---|---|---|---|",
    ...rows,
    "",
    "See [Rule settings](../settings.md).",
  ].join("\n");
}

/** Escapes a METADATA string or a message for Markdown, except in code: two `*` would otherwise mean emphasis. */
const prose = (text: string): string =>
  text.replace(/`[^`]*`|[*<]/g, (part) => (part.length > 1 ? part : `\\${part}`));

const cell = (text: string): string => text.replaceAll("|", "\\|");

function unknowns(rule: RuleInfo, examples: Example[], engine: Engine): string[] {
  const messages = examples
    .filter(({ verdict }) => verdict === "unknown")
    .flatMap(({ name, text }) => checkExample(engine, rule.id, { path: name, text }).findings)
    .filter((finding) => finding.rule === rule.id && finding.verdict === "unknown")
    .map(({ message }) => message);
  return [...new Set(messages)].map(prose);
}

const list = (title: string, items: string[]): string | undefined =>
  items.length === 0 ? undefined : `## ${title}\n\n${items.map((item) => `- ${item}`).join("\n")}`;
