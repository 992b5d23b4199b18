/** The page of a rule: what its METADATA says, and what its examples show. */
import { readFileSync } from "node:fs";
import type { Engine } from "../../src/core/engine/engine.ts";
import { allowed } from "../../src/core/model/allowed-values.ts";
import { categories, formats, type RuleInfo } from "../../src/core/model/report.ts";
import { text } from "../../src/reporters/text.ts";
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

/** The examples of a rule, plain ones before those with a note. */
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
    ...inFormats(bad === "fail" ? "Wrong" : "Undecided", shown, (format) => first(bad, format)),
    failing && found(rule, failing, engine),
    ...inFormats("Right", shown, (format) => first("pass", format)),
    `## What to write instead\n\n${prose(rule.remediation)}`,
    ...snippets(rule),
    settings(rule),
    list("What it lets pass", rule.exceptions.map(prose)),
    list("When the answer is unknown", unknowns(rule, examples, engine)),
    rule.whenNot === undefined ? undefined : `## When not to use it\n\n${prose(rule.whenNot)}`,
    list(
      "Controls",
      Object.entries(rule.controls).map(([framework, ids]) => `${framework}: ${ids.join(", ")}`),
    ),
    list(
      "To read on",
      rule.references.map((reference) => `<${reference}>`),
    ),
  ];
  return `${sections.filter((section) => section !== undefined).join("\n\n")}\n`;
}

function inFormats(title: string, shown: string[], of: (format: string) => Example | undefined): string[] {
  const parts = shown.flatMap((format) => {
    // Of a plan is shown what was written: where there is source, it stands there already.
    const example = format === "plan" && of("source") !== undefined ? undefined : of(format);
    return example === undefined ? [] : [`${formatName(format)}:\n\n${source(example)}`];
  });
  return parts.length === 0 ? [] : [`## ${title}`, ...parts];
}

const formatName = (format: string): string => {
  const name = format === "plan" || format === "source" ? "Terraform" : (formats[format] ?? format);
  return name.charAt(0).toUpperCase() + name.slice(1);
};

function source({ name, format, text }: Example): string {
  if (format === "plan") return fence("hcl", hclOf(JSON.parse(text)));
  if (format === "source") return fence("hcl", text);
  return fence(name.endsWith(".json") ? "json" : "yaml", text);
}

const fence = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** What files of a format are called, where they are not called as it is. */
const fileNames: { [format: string]: string } = { cloudformation: "template", source: "main" };

/** What the command line prints about the rule. */
function found(rule: RuleInfo, example: Example, engine: Engine): string | undefined {
  const name = fileNames[example.format] ?? example.format;
  const path = `${name}.${example.name.split(".").at(-1)}`;
  const report = checkExample(engine, rule.id, { path, text: example.text });
  const findings = report.findings.filter((finding) => finding.rule === rule.id);
  if (findings.length === 0) return undefined;
  const printed = text({ ...report, findings }, { color: false });
  const told = printed.slice(0, printed.trimEnd().lastIndexOf("\n\n"));
  return `What Keywarden says (${formatName(example.format)}${example.format === "plan" ? ", of the plan" : ""}):\n\n${fence("", told)}`;
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
    snippet === undefined ? [] : [`${name}:\n\n${fence(language, snippet)}`],
  );
}

function settings(rule: RuleInfo): string | undefined {
  const rows = Object.entries(rule.settings).map(
    ([path, schema]) =>
      `| \`${path}\` | ${cell(allowed(schema))} | ${cell(`\`${JSON.stringify(schema.default)}\``)} | ${cell(schema.description ?? "")} |`,
  );
  if (rows.length === 0) return undefined;
  return [
    "## Settings",
    "",
    "| setting | what it may be | default | |",
    "|---|---|---|---|",
    ...rows,
    "",
    "[How settings are given](../settings.md)",
  ].join("\n");
}

/** A text of METADATA or a message in Markdown: `kms:*` twice is no emphasis, unless it is code already. */
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
