import type { Engine, RuleSettings } from "./engine/engine.ts";
import type { TerraformOptions } from "./formats/terraform-source/root-modules.ts";
import type { Document } from "./model/document.ts";
import type { Format, TargetByPath, TargetOptions } from "./model/format.ts";
import type { Redactor } from "./model/redactor.ts";
import type { FailOnUnknown, Level, Notice } from "./model/report.ts";
import type { Parsed, Problem, Source } from "./model/source.ts";
import type { TerraformModule } from "./model/terraform-module.ts";

/** A source, or a directory of Terraform files. */
export type CheckInput = Source | TerraformModule;

export type NormalizeInputsOptions = TargetOptions & TargetByPath & TerraformOptions & CustomFormats;

export interface CustomFormats {
  /** Input formats that take precedence over the built-in ones. */
  formats?: Format[];
}

export type CheckOptions = NormalizeInputsOptions & EvaluationOptions;

export interface EvaluationOptions {
  engine: Engine;
  /** By rule. */
  settings?: RuleSettings;
  /** Returns the level of a finding. Default: the level of its rule. */
  levels?: (finding: { rule: string; file: string; resource: string; level: Level }) => Level;
  /** Suppression files. Comments and metadata of the inputs may contain further suppressions. */
  suppressions?: Source[];
  /** Known findings, in the format of `baselineOf`. */
  baseline?: Source;
  /** Set to false to ignore suppressions in comments and metadata of the inputs. Default: true. */
  inlineSuppressions?: boolean;
  /** The unknown verdicts that make the result incomplete. Default: false. */
  failOnUnknown?: FailOnUnknown;
  /** The date that expiry dates of suppressions are compared with, YYYY-MM-DD. Default: today in UTC. */
  today?: string;
}

/** The normalized document that the rules evaluate, and the sources that it was made from. */
export interface NormalizedInputs {
  /** Contains sensitive values, because rules compare them. Only `redactor.value(document)` may be shown. */
  document: Document;
  /** Removes sensitive values of the inputs from what is shown. Problems and notices are already redacted. */
  redactor: Redactor;
  problems: Problem[];
  notices: Notice[];
  /**
   * The names of the formats that Keywarden recognized in the inputs, also in those without KMS content. Empty if no input
   * is a template, plan, change set, policy, Kubernetes object or Terraform file.
   */
  formats: ReadonlySet<string>;
  /** Paths of the files that the user named in which Keywarden recognized nothing. */
  unrecognized: string[];
  /** The parsed documents of each file with KMS content, by path. */
  parsed: Map<string, Parsed[]>;
  /** Paths of all files that Keywarden read. */
  readPaths: Set<string>;
  /** Files in which the CDK records acknowledged findings. */
  acknowledged: Source[];
  /** Returns whether the user requested a resource: naming one file of a root module also loads its siblings. */
  isRequested(file: string, resource: string): boolean;
}
