import { distinct } from "../model/distinct.ts";
import type { Cause, Truth } from "../model/document.ts";

/** A value that the input does not contain, as a choice between the outcomes that it may have. */
interface Choice {
  id: string;
  options: number;
  taken: number;
  causes: readonly Cause[];
}

/** Chooses one of `options` outcomes of an unknown value. The same `id` has the same outcome throughout a run. */
export type ChooseOutcome = (id: string, options: number, causes: () => readonly Cause[]) => number;

/** Runs an analysis for every combination of outcomes up to this number. */
const MAX_RUNS = 128;

interface Outcome<T> {
  value: T;
  choices: readonly Choice[];
}

/** Returns the results of an analysis for every combination of the choices that it meets. */
export function outcomes<T>(run: (choose: ChooseOutcome) => T): Outcomes<T> {
  const results: Outcome<T>[] = [];
  let plan: Choice[] = [];
  while (results.length < MAX_RUNS) {
    const choices: Choice[] = [];
    const value = run((id, options, causes) => {
      const known = choices.find((choice) => choice.id === id);
      if (known !== undefined) return known.taken;
      const taken = plan[choices.length]?.id === id ? (plan[choices.length] as Choice).taken : 0;
      choices.push({ id, options, taken, causes: causes() });
      return taken;
    });
    results.push({ value, choices });
    // The next combination: the last choice that has another outcome takes it.
    const last = choices.findLastIndex(({ taken, options }) => taken + 1 < options);
    if (last < 0) break;
    plan = choices.slice(0, last + 1);
    const changed = plan[last] as Choice;
    plan[last] = { ...changed, taken: changed.taken + 1 };
  }
  return new Outcomes(results);
}

/** The results of an analysis, and which choices decide between them. */
export class Outcomes<T> {
  readonly all: readonly Outcome<T>[];
  readonly #choices: readonly Choice[];
  #neighbors: readonly Neighbors[] | undefined;

  constructor(all: readonly Outcome<T>[]) {
    this.all = all;
    this.#choices = [
      ...new Map(all.flatMap(({ choices }) => choices.map((choice) => [choice.id, choice]))).values(),
    ];
  }

  /** Returns whether a property holds in all, some or none of the outcomes, with the causes that decide it. */
  truthOf(holds: (value: T) => boolean): Truth | undefined {
    const verdicts = this.all.map(({ value }) => holds(value));
    if (!verdicts.includes(true)) return undefined;
    if (!verdicts.includes(false)) return true;
    this.#neighbors ??= neighborsOf(this.all, this.#choices);
    const decisive = new Set(
      this.#neighbors.flatMap(({ one, other, choice }) =>
        verdicts[one] === verdicts[other] ? [] : [choice],
      ),
    );
    const causes = decisive.size > 0 ? this.#choices.filter((choice) => decisive.has(choice)) : this.#choices;
    return distinct(causes.flatMap((choice) => choice.causes));
  }
}

/** Two outcomes that differ in one choice, and in no other that both met. */
interface Neighbors {
  one: number;
  other: number;
  choice: Choice;
}

function neighborsOf(outcomes: readonly Outcome<unknown>[], choices: readonly Choice[]): Neighbors[] {
  const taken = outcomes.map(({ choices: met }) => {
    const options = new Map(met.map((choice) => [choice.id, choice.taken]));
    return choices.map(({ id }) => options.get(id) ?? -1);
  });
  const found: Neighbors[] = [];
  for (let one = 0; one < taken.length; one++)
    for (let other = one + 1; other < taken.length; other++) {
      const choice = onlyDifference(taken[one] as number[], taken[other] as number[]);
      if (choice !== null) found.push({ one, other, choice: choices[choice] as Choice });
    }
  return found;
}

/** Returns the position of the only number that differs; -1 differs from none. Returns null if there are none or several. */
function onlyDifference(a: readonly number[], b: readonly number[]): number | null {
  let found: number | null = null;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i] || a[i] === -1 || b[i] === -1) continue;
    if (found !== null) return null;
    found = i;
  }
  return found;
}
