/** A law that holds for every generated input, and what breaks it. */
export interface Law {
  name: string;
  /** Checks `count` inputs that the seed determines. */
  run(count: number, seed: number): Iterable<Progress>;
}

export interface Progress {
  /** The number of inputs since the last progress. */
  checked: number;
  broken: Broken[];
}

export interface Broken {
  /** The part of the law, and how it is broken. */
  what: string;
  /** The smallest input found that still breaks the law. */
  input: string;
  /** Why the report is wrong. */
  detail: string;
  /** `SEED` and `COUNT` that repeat it. */
  seed: number;
  count: number;
}
