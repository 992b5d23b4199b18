/** The media type of a header without its parameters, in lower case; empty where there is none. */
export const mediaType = (header = ""): string => header.replace(/;.*$/s, "").trim().toLowerCase();

/** What is written in a text's bytes, without byte order mark; undefined where they are no UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The media type that a client likes best of those on offer. The first where it likes none, or says nothing. */
export function preferred(accept: string | undefined, offered: readonly string[]): string {
  const ranges = (accept ?? "*/*").split(",").map((range) => {
    const weight = /;\s*q=([01](?:\.\d{0,3})?)\s*(?:;|$)/i.exec(range)?.[1] ?? "1";
    return { range: mediaType(range), weight: Number(weight) };
  });
  // The most specific range says how much a type is liked.
  const liking = (type: string): number => {
    const forms = [type, `${type.split("/")[0]}/*`, "*/*"];
    for (const form of forms) {
      const found = ranges.find(({ range }) => range === form);
      if (found !== undefined) return found.weight;
    }
    return 0;
  };
  const best = Math.max(...offered.map(liking));
  return offered.find((type) => liking(type) === best) as string;
}
