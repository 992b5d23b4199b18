import type { Hole } from "./node.ts";
import type { Json, Problem } from "./source.ts";

/** What a directory calls; see terraform/README.md. */
export interface ModuleScan {
  calls: string[];
  problems: Problem[];
  concerns: boolean;
}

export interface EvaluationRequest {
  /** Of the root module. */
  directory: string;
  variables: { [name: string]: string };
  variableFiles: string[];
  /** The types of resources that are asked for; none: all. */
  types?: string[];
  workspace?: string;
  /** Files whose declarations count where others declare the same: those that were named. */
  first?: string[];
}

/** What a root module is evaluated to; see terraform/README.md. */
export interface EvaluationResponse {
  /** Of the root module, as it was asked for. */
  directory: string;
  problems: Problem[];
  notices: { file: string; message: string }[];
  /** The files that ranges are of. */
  files: string[];
  /** Of the variables that the request gave, those that the root module does not declare. */
  undeclared?: string[];
  /** The files that call modules, by the names of the calls. */
  calls: { [name: string]: string };
  holes: NumberedHole[];
  /** Resources that refer to each other, once for each outcome of what is left open. */
  components: EvaluatedOutcome[][];
}

/**
 * A value that evaluated source does not hold: where one stands, alone or inside of a text, is `U+F0000 NUMBER U+F0001`.
 */
export interface NumberedHole extends Pick<Hole, "reason" | "expression"> {
  /** The attribute that it is, where it is one of a resource or data source. */
  leaf?: {
    /** Address of the module instance, empty for the root. */
    module: string;
    data: boolean;
    type: string;
    name: string;
    index?: string | number | null;
    attribute: string;
    /** Key of the provider configuration. */
    provider: string;
  };
}

/**
 * A choice that an input leaves open: which of some values an expression has (`other`: or none of them), or, where
 * there are no values, whether a comparison holds.
 */
export interface Atom {
  id: string;
  /** What a person calls it: a parameter or a condition. */
  subject: string;
  values?: string[];
  other?: boolean;
}

export interface AtomDecision {
  atom: Atom;
  choice: number;
}

export interface EvaluatedOutcome {
  decisions: AtomDecision[];
  plan: EvaluatedPlan;
}

export interface EvaluatedPlan {
  format_version: string;
  resource_changes: EvaluatedResource[];
  configuration: { provider_config?: { [key: string]: Json } };
}

/** An instance of a resource, as far as it concerns positions. */
export interface EvaluatedResource {
  /** File, first byte, and the one behind the last, by pointers into the arguments; the empty one is the block. */
  ranges: { [pointer: string]: [file: number, start: number, end: number] };
  [field: string]: unknown;
}
