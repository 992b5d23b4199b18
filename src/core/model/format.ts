import type { Alias, Consumer, Grant, IdentityPolicy, Key, Removal, Secret, Share } from "./document.ts";
import type { Parsed, Problem, Source } from "./source.ts";

/**
 * What a format makes of one source. A key's `owner` is an account where the input tells it by the key's own ARN or
 * by a symbol that the policy itself uses; otherwise it is unknown, and `src/core/link/link.ts` looks at who the policies name.
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
  /** Absent where there are none. */
  exports?: Export[];
}

/** A key that a stack exports to others. */
export interface Export {
  /** What the text of a reference is called that imports it. */
  importedAs: string;
  /** The id of the key, without that of a variant. */
  key: string;
}

export interface TargetOptions {
  /** The account that owns the keys, twelve digits. */
  account?: string;
  /** The Region that is deployed to. */
  region?: string;
}

/** What is known of some paths alone. */
export interface TargetByPath {
  /** What holds for an input of this path, where not what holds for all. */
  targetOf?: (path: string) => TargetOptions;
}

/** The same, where `place` is known of all paths and counts before what they have. */
export const withTarget = <O extends TargetOptions & TargetByPath>(options: O, place: TargetOptions): O => {
  const { targetOf: placeOf } = options;
  return {
    ...options,
    ...place,
    ...(placeOf === undefined ? {} : { targetOf: (path: string) => ({ ...placeOf(path), ...place }) }),
  };
};

export const targetAt = (
  { targetOf: placeOf, ...all }: TargetOptions & TargetByPath,
  path: string,
): TargetOptions => ({
  ...all,
  ...placeOf?.(path),
});

/** A part whose keys belong to the account that holds for their path. */
export const withOwner = (part: Part, { account }: TargetOptions): Part =>
  account === undefined ? part : { ...part, keys: part.keys.map((key) => ({ ...key, owner: account })) };

/** One input format: a folder below `src/core/formats/`. */
export interface Format {
  name: string;
  /** Whether the value is of this format, by its structure, never by the file's name. */
  detect(value: Parsed["value"], source: Source): boolean;
  /**
   * Never throws for what stands in the input: problems are returned. `beside`, which holds the value too, are the
   * values of the whole run to which a format's references may lead.
   */
  normalize(parsed: Parsed, options: TargetOptions, beside?: readonly Parsed[]): Part;
}

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
