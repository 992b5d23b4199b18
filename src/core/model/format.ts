import type { Alias, Consumer, Grant, IdentityPolicy, Key, Removal, Secret, Share } from "./document.ts";
import type { SensitiveContent } from "./sensitive.ts";
import type { Parsed, Problem, Source, UnseenPart } from "./source.ts";

/**
 * The content of one source, as normalized by its format. The `owner` of a key is known if the input contains the ARN
 * of the key, or if the key policy names its own account by a symbol. Otherwise `src/core/link/owner.ts` derives it from
 * the principals of the policies.
 */
export interface Part {
  keys: Key[];
  aliases: Alias[];
  grants: Grant[];
  identityPolicies: IdentityPolicy[];
  consumers: Consumer[];
  shares: Share[];
  secrets: Secret[];
  removals: Removal[];
  problems: Problem[];
  /** Absent if there are none. */
  exports?: Export[];
  /** Absent if there are none. */
  unseen?: UnseenPart[];
  /** Content that no output may show, in addition to the result of `sensitiveContentOf`. Absent if there is none. */
  sensitive?: SensitiveContent;
}

/** A key that a CloudFormation stack exports to others. */
export interface Export {
  /** The expression of references that import the key. */
  importedAs: string;
  /** ID of the key, without the suffix of a variant. */
  key: string;
}

/** The account and Region that the inputs are deployed to. */
export interface TargetOptions {
  /** The account that owns the keys, twelve digits. */
  account?: string;
  /** The target Region. */
  region?: string;
}

/** A target that depends on the path of the input. */
export interface TargetByPath {
  /** Returns the target of a path. It takes precedence over the target of all inputs. */
  targetOf?: (path: string) => TargetOptions;
}

/** Returns the options with a target that applies to all paths and takes precedence over other targets. */
export const withTarget = <O extends TargetOptions & TargetByPath>(options: O, target: TargetOptions): O => {
  const { targetOf } = options;
  return {
    ...options,
    ...target,
    ...(targetOf === undefined ? {} : { targetOf: (path: string) => ({ ...targetOf(path), ...target }) }),
  };
};

/** Returns the options that apply to a path. */
export const targetAt = (
  { targetOf, ...all }: TargetOptions & TargetByPath,
  path: string,
): TargetOptions => ({
  ...all,
  ...targetOf?.(path),
});

/** Returns the part with the target account, if known, as the owner of its keys. */
export const withOwner = (part: Part, { account }: TargetOptions): Part =>
  account === undefined ? part : { ...part, keys: part.keys.map((key) => ({ ...key, owner: account })) };

/** An input format: a directory of `src/core/formats/`, or the custom format of a program that embeds Keywarden. */
export interface Format {
  name: string;
  /** Returns whether a JSON or YAML value has this format. Decides by the structure of the value, not by the file name. */
  detect(value: Parsed["value"], source: Source): boolean;
  /**
   * Returns the resources of a value. Content that it cannot read becomes `problems`; it never throws because of an
   * input. `siblings` are the values of the whole run that references can lead to, including this one.
   */
  normalize(parsed: Parsed, options: TargetOptions, siblings?: readonly Parsed[]): Part;
}

/** Returns a part without resources, to be filled by a format. */
export const emptyPart = (): Part => ({
  keys: [],
  aliases: [],
  grants: [],
  identityPolicies: [],
  consumers: [],
  shares: [],
  secrets: [],
  removals: [],
  problems: [],
});
