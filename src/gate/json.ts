import type { Json } from "../core/model/source.ts";

/** Returns the value of a JSON text, or undefined if there is none or it is not JSON. */
export function valueOfJson(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}
