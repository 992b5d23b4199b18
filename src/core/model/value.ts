/** Replaces a value that the input does not contain. Never equal to anything, including another unknown value. */
export interface Unknown {
  unknown: {
    /** Why the value is unknown: "known only after apply", "parameter without default", … */
    reason: string;
    /** The reference as written in the input. */
    expression: string;
  };
}

/** A partly unknown string. `text` contains `⟨expression⟩` for each unknown part; `knownParts` are the parts between. */
export interface PartialString {
  text: string;
  knownParts: string[];
}

export type Value<T> = T | Unknown;

/**
 * An AWS account: twelve digits; `self` for the owner account, named by a symbol (`AWS::AccountId`,
 * `aws_caller_identity`); or unknown. Malformed IDs are kept as written.
 */
export type Account = Value<string>;

/** Relation of an account to the owner account of the key. */
export type Relation = "owner" | "external" | "unknown";
