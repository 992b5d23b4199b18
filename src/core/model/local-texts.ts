import { locationOf } from "./node.ts";
import type { SensitiveContent } from "./sensitive.ts";
import { isLocalText } from "./sensitive-text.ts";
import type { Location } from "./source.ts";

interface TextsAt {
  pointer: string;
  texts: string[];
}

/** The sensitive texts that are too short or too common to be redacted everywhere, by the positions of their values. */
export class LocalTexts {
  /** Sorted by pointer, so that the positions inside a value are next to each other. */
  readonly #byFile = new Map<string, TextsAt[]>();

  constructor(content: SensitiveContent[]) {
    for (const position of content.flatMap(({ positions }) => positions)) {
      const texts = position.texts.filter((text) => text !== "" && isLocalText(text.trim()));
      if (texts.length === 0) continue;
      const { file, pointer } = locationOf(position.at);
      const list = this.#byFile.get(file) ?? [];
      list.push({ pointer: `${pointer}/`, texts });
      this.#byFile.set(file, list);
    }
    for (const list of this.#byFile.values()) list.sort((a, b) => (a.pointer < b.pointer ? -1 : 1));
  }

  /** Returns the texts of the values at a location, inside it or around it. */
  at({ file, pointer }: Location): string[] {
    const list = this.#byFile.get(file);
    if (list === undefined) return [];
    const found = new Set<string>();
    const addInside = (outer: string, isMatch: (pointer: string) => boolean) => {
      for (let i = firstAtLeast(list, outer); i < list.length; i++) {
        const { pointer, texts } = list[i] as TextsAt;
        if (!isMatch(pointer)) return;
        for (const text of texts) found.add(text);
      }
    };
    const at = `${pointer}/`;
    addInside(at, (inner) => inner.startsWith(at));
    for (let end = at.indexOf("/"); end >= 0 && end < at.length - 1; end = at.indexOf("/", end + 1)) {
      const ancestor = at.slice(0, end + 1);
      addInside(ancestor, (inner) => inner === ancestor);
    }
    return [...found];
  }
}

/** Returns the index of the first position whose pointer is not before the given one. */
function firstAtLeast(list: TextsAt[], pointer: string): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as TextsAt).pointer < pointer) low = middle + 1;
    else high = middle;
  }
  return low;
}
