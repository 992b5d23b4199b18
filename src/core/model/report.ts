import type { Location, Problem } from "./source.ts";

export type Level = "error" | "warning" | "note" | "off";
export type Verdict = "fail" | "unknown";

export interface Finding {
  rule: string;
  level: Level;
  verdict: Verdict;
  resource: string;
  /** What is wrong, with names and values, one or two sentences. */
  message: string;
  location: Location;
  /** The Sid, or the position from 1 (as "#2"), of the statement concerned. */
  statement?: string;
  /** From the rule's metadata. */
  title: string;
  why: string;
  remediation: string;
  url: string;
  /** What is written at the location. Absent where it must not be shown, or tells nothing. */
  excerpt?: Excerpt;
  /** Why it does not count. */
  suppressed?: Suppressed;
}

export interface Suppressed {
  reason: string;
  /** Where that is said. */
  by: "comment" | "metadata" | "file" | "baseline";
  /** YYYY-MM-DD, the last day on which it holds. */
  expires?: string;
  location?: Location;
}

export interface Excerpt {
  /** The number of the first line; absent where the lines are not the input's but JSON made from it. */
  firstLine?: number;
  /** Cut to the lines that matter: there may be more. */
  lines: string[];
}

/** What a run found. `findings` are in the order file, line, column, rule. */
export interface Report {
  findings: Finding[];
  /** Findings that are suppressed. */
  exceptions: Finding[];
  /** The rules that were asked. */
  rules: RuleInfo[];
  problems: Problem[];
  /** Things worth knowing that are neither: a file named explicitly that holds no KMS content. */
  notices: Notice[];
  /** Files with KMS content, in order. */
  files: FileSummary[];
  dataVersion: string;
}

export interface Notice {
  file: string;
  line?: number;
  message: string;
}

export interface FileSummary {
  file: string;
  /** Keys, aliases, grants and bare policies. */
  resources: number;
  /** The rules that have nothing to say about the file. */
  passed: number;
}

/** The sections in which the rules are listed. */
export const categories = {
  access: "Access",
  manageability: "The key stays manageable",
  policy: "The policy text",
  settings: "Key settings",
  "multi-region": "Multi-Region",
  aliases: "Aliases",
  grants: "Grants",
  around: "Around the key",
} as const;
export type Category = keyof typeof categories;

/** The inputs in which a rule can occur, for people. */
export const formats: { [name: string]: string } = {
  policy: "key policy",
  cloudformation: "CloudFormation",
  plan: "Terraform plan",
  changeset: "change set",
  source: "Terraform source",
  kubernetes: "Kubernetes",
};

/** What a setting may be: a JSON Schema with `default` and `description`. */
export interface SettingSchema {
  description?: string;
  default?: unknown;
  [keyword: string]: unknown;
}

/** The page about a rule. */
export const rulePageUrl = (rule: string): string =>
  `https://github.com/keywarden/keywarden/blob/main/docs/rules/${rule}.md`;

/** A rule as its METADATA describes it; `bundles/rules.json` is a list of these. */
export interface RuleInfo {
  id: string;
  title: string;
  level: Level;
  /** The level that it has in a preset which picks rules. */
  presets?: { [preset: string]: Level };
  category: Category;
  /** The inputs in which it can occur: policy, cloudformation, plan, source, … */
  formats: string[];
  /** What fails. */
  finds: string;
  why: string;
  /** What does not fail. */
  exceptions: string[];
  /** When not to use the rule. */
  whenNot?: string;
  /** What to do, in words. */
  remediation: string;
  /** What to write instead, to be pasted. */
  snippets: { policy?: string; cloudformation?: string; terraform?: string; kubernetes?: string };
  /** By the name they have in a configuration: `short_deletion_window.minimum`, `trust.accounts`. */
  settings: { [path: string]: SettingSchema };
  /** What the rule covers of a framework, by its name. */
  controls: { [framework: string]: string[] };
  references: string[];
}
