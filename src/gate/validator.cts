import type { ErrorObject } from "ajv";

interface Validate {
  (value: unknown): boolean;
  errors?: ErrorObject[] | null;
}

/** Loads the large validator of normalized documents on first use, because few requests contain one. */
export = {
  documentValidator: (): Validate => require("./generated/document.cjs").default,
};
