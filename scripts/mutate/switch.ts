/** Selects the mutant that a bundle of scripts/mutate/bundle.ts runs, and limits its steps. */
export class MutantSwitch {
  active = -1;
  steps = 0;
  limit = Number.POSITIVE_INFINITY;
  /** Collects the mutants that the code meets. */
  reached: Set<number> | undefined;
  #generation = 0;

  isActive(n: number): boolean {
    this.steps += 1;
    // Loops that never end, because of a mutant.
    if (this.steps > this.limit) throw new Error("The mutant takes too many steps.");
    this.reached?.add(n);
    return n === this.active;
  }

  /** Forgets what modules remember, starts counting, and activates a mutant. */
  start(active: number, limit: number): void {
    this.active = active;
    this.limit = limit;
    this.steps = 0;
    this.#generation += 1;
  }

  /** Returns a map that `start` empties. */
  kept(create: () => Map<unknown, unknown>): unknown {
    let generation = this.#generation;
    let map = create();
    const current = (): Map<unknown, unknown> => {
      if (generation !== this.#generation) map = create();
      generation = this.#generation;
      return map;
    };
    return {
      get: (key: unknown) => current().get(key),
      set: (key: unknown, value: unknown) => current().set(key, value),
      has: (key: unknown) => current().has(key),
      clear: () => current().clear(),
      get size() {
        return current().size;
      },
    };
  }
}
