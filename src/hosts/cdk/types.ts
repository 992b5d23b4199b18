/** How much a finding counts; `off`: not at all. */
export type KeywardenLevel = "error" | "warning" | "note" | "off";

export interface KeywardenOptions {
  /**
   * The path of a configuration file. By default the one that the command line would find, from the working directory
   * upwards; `false`: none. Its `ignore` means nothing here.
   */
  config?: string | false;
  /** What levels are where nothing else is said: `recommended` by default. Comes over the configuration, as all options do. */
  preset?: "cheat-sheet" | "recommended" | "strict";
  /** By rule. */
  levels?: { [rule: string]: KeywardenLevel };
  /** By rule, as in docs/settings.md. */
  settings?: { [rule: string]: { [name: string]: unknown } };
  /** The account of stacks that do not say theirs, twelve digits. */
  account?: string;
  /** The Region of stacks that do not say theirs. */
  region?: string;
  /** The lowest level that fails synthesis: `error` by default, `warning` where the configuration has fail-on-warn. */
  failOn?: "error" | "warning" | "note";
  /** Paths of files with suppressions. */
  suppressions?: string[];
  /** The path of a baseline. */
  baseline?: string;
}

/** What the CDK hands over. */
export interface KeywardenContext {
  readonly templatePaths: readonly string[];
  /** Absent in versions of the CDK with the Beta1 interface alone. */
  readonly stackTemplates?: readonly KeywardenStack[];
  /** The root of the app's constructs. */
  readonly appConstruct?: object;
}

export interface KeywardenStack {
  readonly stackConstructPath: string;
  readonly templatePath: string;
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
}

export interface KeywardenReport {
  /** Whether everything could be read and nothing fails. The CDK goes by this alone: what is listed besides is information. */
  success: boolean;
  pluginVersion: string;
  metadata: { [name: string]: string };
  violations: KeywardenViolation[];
}

export interface KeywardenViolation {
  ruleName: string;
  description: string;
  /** `error`: fails synthesis. `fatal`: something could not be read, which nobody can acknowledge. */
  severity: "fatal" | "error" | "warning" | "info";
  fix?: string;
  ruleMetadata: { [name: string]: string };
  violatingResources: KeywardenResource[];
}

export interface KeywardenResource {
  /** Empty where no resource is concerned, but a template. */
  resourceLogicalId: string;
  /** Of a template that cannot be read; the CDK finds that of a resource by its logical id. */
  constructPath?: string;
  /** Such as `Properties.KeyPolicy.Statement.0`. */
  locations: string[];
  templatePath: string;
}
