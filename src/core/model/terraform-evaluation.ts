import type { UnknownPart } from "./node.ts";
import type { Json, Problem, UnseenPart } from "./source.ts";

/** The module calls of a directory; see terraform/README.md. */
export interface ModuleScan {
  calls: string[];
  problems: Problem[];
  concerns: boolean;
}

export interface EvaluationRequest {
  /** The directory of the root module. */
  directory: string;
  variables: { [name: string]: string };
  variableFiles: string[];
  /** The requested resource types. Absent: all types. */
  types?: string[];
  workspace?: string;
  /** Files whose declarations take precedence over duplicates in other files: those that the user named. */
  first?: string[];
}

/** The result of the evaluation of a root module; see terraform/README.md. */
export interface EvaluationResponse {
  /** The directory of the root module, as requested. */
  directory: string;
  problems: Problem[];
  /** Modules that are not available, and blocks with too many instances. */
  unseen: UnseenPart[];
  /** Ranges refer to files by their index in this list. */
  files: string[];
  /** Variables in the request that the root module does not declare. */
  undeclared?: string[];
  /** Files with module calls, by name of the call. */
  calls: { [name: string]: string };
  holes: NumberedUnknown[];
  /** Groups of resources that refer to each other, once for each outcome of open choices. */
  components: EvaluatedOutcome[][];
  /** The texts of sensitive values, and the ranges of the literals that the source spells them with. */
  sensitive?: { texts: string[]; ranges: ByteRange[] };
}

export type ByteRange = [file: number, start: number, end: number];

/** An unknown value. Evaluated strings contain `U+F0000 NUMBER U+F0001` in its place, alone or as a part. */
export interface NumberedUnknown extends Pick<UnknownPart, "reason" | "expression"> {
  /** The resource or data source attribute that the value comes from. */
  leaf?: {
    /** Address of the module instance; empty for the root module. */
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
 * A choice that the input leaves open: which of `values` an expression has (with `other`: or none of them). Without
 * values, whether a comparison is true.
 */
export interface Atom {
  id: string;
  /** Display name: a parameter or a condition. */
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

/** An instance of a resource, with the positions of its arguments. */
export interface EvaluatedResource {
  /** File index, first byte, and end byte (exclusive), by pointer into the arguments. The empty pointer is the block. */
  ranges: { [pointer: string]: ByteRange };
  [field: string]: unknown;
}
