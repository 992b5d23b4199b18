/** The level of a finding; `off` disables its rule. */
export type KeywardenLevel = "error" | "warning" | "note" | "off";

export interface KeywardenOptions {
  /**
   * The path of a config file. Default: the file that the command line would find, from the working directory upwards.
   * `false`: no config. The plugin ignores the key `ignore`.
   */
  config?: string | false;
  /** The levels of rules without a level in `levels`. Default: `recommended`. Options take precedence over the config. */
  preset?: "cheat-sheet" | "recommended" | "strict";
  /** Levels, by rule. */
  levels?: { [rule: string]: KeywardenLevel };
  /** Rule settings, by rule, as in docs/settings.md. */
  settings?: { [rule: string]: { [name: string]: unknown } };
  /** The account of stacks without an explicit account, twelve digits. */
  account?: string;
  /** The Region of stacks without an explicit Region. */
  region?: string;
  /** The lowest level that fails synthesis. Default: `error`, or `warning` if the config sets fail-on-warn. */
  failOn?: "error" | "warning" | "note";
  /**
   * The unknown verdicts that fail synthesis: `true` for those of level error, or a list of rules. Unless it is false,
   * parts that were not checked fail synthesis, too. Default: the value of fail-on-unknown in the config, or false.
   */
  failOnUnknown?: boolean | string[];
  /** Paths of suppression files. */
  suppressions?: string[];
  /** The path of a baseline. */
  baseline?: string;
}

/** The context that the CDK passes to a plugin. */
export interface KeywardenContext {
  readonly templatePaths: readonly string[];
  /** Absent in CDK versions that support only the Beta1 interface. */
  readonly stackTemplates?: readonly KeywardenStack[];
  /** The root construct of the app. */
  readonly appConstruct?: object;
}

export interface KeywardenStack {
  readonly stackConstructPath: string;
  readonly templatePath: string;
  readonly accountId?: string | undefined;
  readonly region?: string | undefined;
}

export interface KeywardenReport {
  /** True if every template could be read and nothing fails. The CDK decides only by this field. */
  success: boolean;
  pluginVersion: string;
  metadata: { [name: string]: string };
  violations: KeywardenViolation[];
}

export interface KeywardenViolation {
  ruleName: string;
  description: string;
  /** `error` fails synthesis. `fatal` reports an unreadable template, which cannot be acknowledged. */
  severity: "fatal" | "error" | "warning" | "info";
  fix?: string;
  ruleMetadata: { [name: string]: string };
  violatingResources: KeywardenResource[];
}

export interface KeywardenResource {
  /** Empty if the violation concerns a template as a whole. */
  resourceLogicalId: string;
  /** Only for unreadable templates. The CDK finds the construct of a resource by its logical ID. */
  constructPath?: string;
  /** Paths in the resource, such as `Properties.KeyPolicy.Statement.0`. */
  locations: string[];
  templatePath: string;
}
