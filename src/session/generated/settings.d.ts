import type { ErrorObject } from "ajv";

/** Returns whether a value is valid rule settings. Otherwise `errors` describes why. */
declare const validate: { (value: unknown): boolean; errors?: ErrorObject[] | null };
export default validate;
