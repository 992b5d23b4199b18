import { distance, nearest } from "../../core/model/nearest.ts";

/** Returns a suggestion to append to a message about an unknown name; empty if no known name is similar. */
export function didYouMean(word: string, names: readonly string[], prefix = ""): string {
  const near = nearest(word, names);
  if (near === undefined || distance(word, near) > Math.max(2, near.length / 3)) return "";
  return ` Did you mean ${prefix}${near}?`;
}
