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

export interface Options {
  /** The account that owns the keys, twelve digits. */
  account?: string;
  /** The Region that is deployed to. */
  region?: string;
}

/** What is known of some paths alone. */
export interface Placed {
  /** What holds for an input of this path, where not what holds for all. */
  placeOf?: (path: string) => Options;
}

/** The same, where `place` is known of all paths and counts before what they have. */
export const placedBy = <O extends Options & Placed>(options: O, place: Options): O => {
  const { placeOf } = options;
  return {
    ...options,
    ...place,
    ...(placeOf === undefined ? {} : { placeOf: (path: string) => ({ ...placeOf(path), ...place }) }),
  };
};

export const optionsAt = ({ placeOf, ...all }: Options & Placed, path: string): Options => ({
  ...all,
  ...placeOf?.(path),
});

/** A part whose keys belong to the account that holds for their path. */
export const ownedBy = (part: Part, { account }: Options): Part =>
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
  normalize(parsed: Parsed, options: Options, siblings?: readonly Parsed[]): Part;
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
