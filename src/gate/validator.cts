import type { ErrorObject } from "ajv";

interface Validate {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** What only requests with normalized documents need: it is large, and evaluated when the first one comes. */
export = {
  documentValidator: (): Validate => require("./generated/document.cjs").default,
};
