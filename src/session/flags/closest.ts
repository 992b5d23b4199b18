import { distance, nearest } from "../../core/model/nearest.ts";

/** A question to add to a message about a name that does not exist, where one comes close. */
export function closest(word: string, names: readonly string[], prefix = ""): string {
  const near = nearest(word, names);
  if (near === undefined || distance(word, near) > Math.max(2, near.length / 3)) return "";
  return `: did you mean ${prefix}${near}?`;
}
