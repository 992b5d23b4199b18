/** A small change of a source file that a test should notice. */
export interface Mutant {
  file: string;
  line: number;
  /** The rule or function that contains it. */
  within: string;
  start: number;
  end: number;
  from: string;
  to: string;
  /** Every test that notices this mutant notices the present one too. */
  weaker?: Mutant;
}

/** Returns the source with the change. */
export function mutated(source: string, { start, end, to }: Mutant): string {
  return source.slice(0, start) + to + source.slice(end);
}

const shorten = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 90 ? `${line.slice(0, 87)}...` : line;
};

/** Returns a line that describes the mutant. */
export function describe({ file, line, within, from, to }: Mutant): string {
  return `${file}:${line} (${within}): ${shorten(from) || "(nothing)"} → ${shorten(to) || "(nothing)"}`;
}
