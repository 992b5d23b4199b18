import type { Engine, Settings } from "./engine/engine.ts";
import type { TerraformOptions } from "./formats/terraform-source/root-modules.ts";
import type { Document } from "./model/document.ts";
import type { Format, Options, Placed } from "./model/format.ts";
import type { Level, Notice } from "./model/report.ts";
import type { Parsed, Problem, Source } from "./model/source.ts";
import type { TerraformModule } from "./model/terraform-module.ts";

/** A text, or a directory of Terraform files. */
export type Input = Source | TerraformModule;

export type NormalizeOptions = Options & Placed & TerraformOptions & CustomFormats;

export interface CustomFormats {
  /** Input formats that take precedence over the built-in ones. */
  formats?: Format[];
}

export type CheckOptions = NormalizeOptions & JudgeOptions;

export interface JudgeOptions {
  engine: Engine;
  /** Rule settings, by rule. */
  settings?: Settings;
  /** Returns the level of a finding. By default it is the level that its rule gives. */
  levels?: (finding: { rule: string; file: string; resource: string; level: Level }) => Level;
  /** Suppression files. Suppressions in comments and metadata of the inputs count without this option. */
  suppressions?: Source[];
  /** Known findings, as `baselineOf` writes them. */
  baseline?: Source;
  /** Whether suppressions in the inputs themselves (comments, metadata) count. Default: true. */
  inlineSuppressions?: boolean;
  /** The date on which suppressions are checked for expiry, YYYY-MM-DD. Default: today in UTC. */
  today?: string;
}

/** The normalized document that the rules evaluate, and the texts that it was made from. */
export interface Normalized {
  document: Document;
  problems: Problem[];
  notices: Notice[];
  /** The parsed texts of each file with KMS content, by path. */
  parsed: Map<string, Parsed[]>;
  /** Paths of all files that were read. */
  read: Set<string>;
  /** Files in which the CDK records acknowledged findings. */
  acknowledged: Source[];
  /** Returns whether a resource in a file was requested: a file of a root module brings its siblings along. */
  isRequested(file: string, resource: string): boolean;
}
