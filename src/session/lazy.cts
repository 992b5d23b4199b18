import type { ErrorObject } from "ajv";

interface Validate {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** Loads the validator of config files when there is one: evaluating it takes several milliseconds of every run. */
export = {
  configValidator: (): Validate => require("./generated/config.cjs").default,
};
