import type { ErrorObject } from "ajv";

interface Validate {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** What only a run with a configuration needs: to evaluate it takes some milliseconds of every run. */
export = {
  cosmiconfig: (): typeof import("cosmiconfig") => require("cosmiconfig"),
  picomatch: (): typeof import("picomatch") => require("picomatch"),
  configValidator: (): Validate => require("./generated/config.cjs").default,
};
