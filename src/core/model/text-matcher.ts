/** A node of the tree of prefixes: the texts that continue with each code unit. */
interface PrefixNode {
  next: Map<number, PrefixNode>;
  /** A text ends here. `delimited`: it counts only if no letter or digit precedes or follows it. */
  end?: { delimited: boolean };
  /** The texts that are longer than the tree is deep. */
  long?: string[];
}

/** A match in a text, from `start` to before `end`. */
export interface TextMatch {
  start: number;
  end: number;
}

/**
 * The depth of the tree, which bounds the time for each position of a text. A longer text matches from its first
 * characters on. The depth is less than the 60 characters up to which messages quote a text.
 */
const MAX_DEPTH = 56;
/** Maximum number of long texts with the same beginning that are compared in full. */
const MAX_LONG = 16;

/** Finds many texts at once, in time linear in the length of the searched text. */
export class TextMatcher {
  readonly #root: PrefixNode = { next: new Map() };

  /** Adds a text. With `delimited`, it matches only as a whole word: short texts also occur inside of other words. */
  add(text: string, delimited: boolean): void {
    let node = this.#root;
    for (let i = 0; i < Math.min(text.length, MAX_DEPTH); i++) {
      const code = text.charCodeAt(i);
      const next = node.next.get(code) ?? { next: new Map() };
      node.next.set(code, next);
      node = next;
    }
    if (text.length <= MAX_DEPTH) node.end = { delimited: delimited && (node.end?.delimited ?? true) };
    else {
      node.long ??= [];
      if (node.long.length < MAX_LONG) node.long.push(text);
    }
  }

  get isEmpty(): boolean {
    return this.#root.next.size === 0;
  }

  /** Returns the matches from left to right, the longest at each position. They don't overlap. */
  matches(text: string): TextMatch[] {
    const found: TextMatch[] = [];
    for (let start = 0; start < text.length; start++) {
      const end = this.#longestAt(text, start);
      if (end === undefined) continue;
      found.push({ start, end });
      start = end - 1;
    }
    return found;
  }

  #longestAt(text: string, start: number): number | undefined {
    let node: PrefixNode | undefined = this.#root;
    let longest: number | undefined;
    for (let i = start; ; i++) {
      const { end, long } = node;
      if (end !== undefined && (!end.delimited || isDelimited(text, start, i))) longest = i;
      if (long !== undefined) {
        // A truncated text is sensitive, too, so its first characters suffice.
        const whole = long.filter((one) => text.startsWith(one, start)).map(({ length }) => start + length);
        longest = Math.max(i, ...whole);
      }
      node = i < text.length ? node.next.get(text.charCodeAt(i)) : undefined;
      if (node === undefined) return longest;
    }
  }
}

const WORD = /[\p{L}\p{N}]/u;

const isDelimited = (text: string, start: number, end: number): boolean =>
  !WORD.test(text.charAt(start - 1)) && !WORD.test(text.charAt(end));
