/** Returns the media type of a header without its parameters, in lower case; empty if there is none. */
export const mediaType = (header = ""): string => header.replace(/;.*$/s, "").trim().toLowerCase();

/** Decodes UTF-8 without its byte order mark. Returns undefined if the bytes are not UTF-8. */
export function utf8ToString(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns the offered media type that an `Accept` header prefers, or the first if the header accepts none of them. */
export function negotiateMediaType(accept: string | undefined, offered: readonly string[]): string {
  const ranges = (accept ?? "*/*").split(",").map((range) => {
    const weight = /;\s*q=([01](?:\.\d{0,3})?)\s*(?:;|$)/i.exec(range)?.[1] ?? "1";
    return { range: mediaType(range), weight: Number(weight) };
  });
  // The most specific range determines the weight of a type.
  const weightOf = (type: string): number => {
    for (const candidate of [type, `${type.split("/")[0]}/*`, "*/*"]) {
      const match = ranges.find(({ range }) => range === candidate);
      if (match !== undefined) return match.weight;
    }
    return 0;
  };
  const best = Math.max(...offered.map(weightOf));
  return offered.find((type) => weightOf(type) === best) as string;
}
