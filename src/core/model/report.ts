import type { Location, Problem, UnseenPart } from "./source.ts";

export type Level = "error" | "warning" | "note" | "off";
export type Verdict = "fail" | "unknown";

export interface Finding {
  rule: string;
  level: Level;
  verdict: Verdict;
  resource: string;
  /** States the actual and the required value, in one or two sentences. */
  message: string;
  /** The causes of an unknown verdict, in words: "`var.spec` is known only after apply". */
  causes?: string[];
  /** The assumptions under which the resource fails. For an unknown verdict that other assumptions make a pass. */
  failsIf?: string[];
  location: Location;
  /** The Sid of the statement, or its position from 1 ("#2"). */
  statement?: string;
  /** `title`, `why`, `remediation` and `url` come from the rule's METADATA. */
  title: string;
  why: string;
  remediation: string;
  url: string;
  /** The lines at the location. Absent if they are sensitive or not helpful. */
  excerpt?: Excerpt;
  /** Set for suppressed findings. */
  suppressed?: Suppressed;
}

export interface Suppressed {
  reason: string;
  /** Origin of the suppression. */
  by: "comment" | "metadata" | "file" | "baseline";
  /** The last day of the suppression, YYYY-MM-DD. */
  expires?: string;
  location?: Location;
}

export interface Excerpt {
  /** Number of the first line. Absent if the lines are reformatted JSON instead of lines of the input. */
  firstLine?: number;
  /** The relevant lines; the range of the finding may contain more. */
  lines: string[];
}

/** The result of a check. `findings` are sorted by file, line, column and rule. */
export interface Report {
  findings: Finding[];
  /** Suppressed findings. */
  exceptions: Finding[];
  /** The evaluated rules. */
  rules: RuleInfo[];
  problems: Problem[];
  /** Parts of the inputs that may contain KMS content and were not judged, sorted by file and line. */
  unseen: UnseenPart[];
  /** Other remarks, such as a named file without KMS content. */
  notices: Notice[];
  /** Files with KMS content, sorted by path. */
  files: FileSummary[];
  dataVersion: string;
  /** The unknown verdicts that make the result incomplete, as the options set it. Absent if none does. */
  failOnUnknown?: FailOnUnknown;
}

/**
 * The unknown verdicts that make a result incomplete: `true` for those of level error, or a list of rules, whose unknown
 * verdicts count at every level. Unless it is false, parts that were not checked make the result incomplete, too.
 */
export type FailOnUnknown = boolean | readonly string[];

export interface Notice {
  file: string;
  line?: number;
  message: string;
}

export interface FileSummary {
  file: string;
  /** Number of resources in the file. */
  resources: number;
  /** Number of rules without a finding in the file. */
  passed: number;
}

/** Titles of the rule categories. */
export const categories = {
  access: "Access",
  manageability: "Manageability",
  policy: "Policy document",
  settings: "Key properties",
  "multi-region": "Multi-Region keys",
  aliases: "Aliases",
  grants: "Grants",
  around: "Related resources",
} as const;
export type Category = keyof typeof categories;

/** Display names of the input formats. */
export const formats: { [name: string]: string } = {
  policy: "key policy",
  cloudformation: "CloudFormation",
  plan: "Terraform plan",
  changeset: "change set",
  source: "Terraform source",
  kubernetes: "Kubernetes",
};

/** The JSON Schema of a rule setting, with `default` and `description`. */
export interface SettingSchema {
  description?: string;
  default?: unknown;
  [keyword: string]: unknown;
}

/** Returns the URL of a rule's page. */
export const rulePageUrl = (rule: string): string =>
  `https://github.com/keywarden/keywarden/blob/main/docs/rules/${rule}.md`;

/** A rule as described by its METADATA. `bundles/rules.json` is a list of these. */
export interface RuleInfo {
  id: string;
  title: string;
  level: Level;
  /** The level of the rule in presets that select rules. */
  presets?: { [preset: string]: Level };
  category: Category;
  /** The input formats that the rule applies to: policy, cloudformation, plan, source, … */
  formats: string[];
  /** The findings that the rule reports, in words. */
  finds: string;
  why: string;
  /** Cases that the rule does not report. */
  exceptions: string[];
  /** When not to use the rule. */
  whenNot?: string;
  /** How to fix a finding. */
  remediation: string;
  /** Corrected code to copy, by format. */
  snippets: { policy?: string; cloudformation?: string; terraform?: string; kubernetes?: string };
  /** By name in the config file: `short_deletion_window.minimum`, `trust.accounts`. */
  settings: { [path: string]: SettingSchema };
  /** IDs of the controls that the rule covers, by framework. */
  controls: { [framework: string]: string[] };
  references: string[];
}
