/** Reads equivalent.json: mutants that no test can notice, with the reason. */
import { readFileSync } from "node:fs";
import type { Mutant } from "./mutant.ts";

interface Equivalent {
  /** The path, or the path of a directory with a slash at the end. */
  file: string;
  /** The rule or function that contains the mutant. */
  within?: string;
  from: string;
  to: string;
  reason: string;
}

export class Allowed {
  readonly #entries: Equivalent[];
  readonly #used = new Set<Equivalent>();

  constructor(kind: "rules" | "analysis") {
    const text = readFileSync(new URL("equivalent.json", import.meta.url), "utf8");
    this.#entries = (JSON.parse(text) as { [kind: string]: Equivalent[] })[kind] as Equivalent[];
  }

  /** Returns whether an entry explains why the mutant survives. */
  explains({ file, within, from, to }: Mutant): boolean {
    const found = this.#entries.filter(
      (entry) =>
        (entry.file === file || (entry.file.endsWith("/") && file.startsWith(entry.file))) &&
        (entry.within ?? within) === within &&
        entry.from === from &&
        entry.to === to,
    );
    for (const entry of found) this.#used.add(entry);
    return found.length > 0;
  }

  /** Returns the entries for these files that explained no survivor. */
  stale(files: string[]): string[] {
    return this.#entries
      .filter((entry) => files.includes(entry.file) && !this.#used.has(entry))
      .map(
        ({ file, within, from, to }) =>
          `${file}${within === undefined ? "" : ` (${within})`}: ${from} → ${to}`,
      );
  }
}
