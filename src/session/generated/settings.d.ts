import type { ErrorObject } from "ajv";

/** Whether a value is a configuration; what is wrong with it is in `errors` then. */
declare const validate: { (value: unknown): boolean; errors?: ErrorObject[] | null };
export default validate;
