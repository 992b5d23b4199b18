/** Returns the Levenshtein distance of two strings. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** Returns the name with the closest spelling, or the shortest that starts with the word. Undefined without names. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const text = word.toLowerCase().slice(0, 64);
  let best: string | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const candidate = name.toLowerCase();
    const steps =
      text.length > 2 && candidate.startsWith(text)
        ? (candidate.length - text.length) / 100
        : distance(text, candidate);
    if (steps < smallest) {
      smallest = steps;
      best = name;
    }
  }
  return best;
}
