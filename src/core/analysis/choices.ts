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

export interface Outcome<T> {
  value: T;
  choices: readonly Choice[];
}

/** Returns the results of an analysis for every combination of the choices that it meets. */
export function outcomes<T>(run: (choose: ChooseOutcome) => T): Outcome<T>[] {
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
  return results;
}

/** Returns whether a property holds in all, some or none of the outcomes, with the causes that decide it. */
export function truthOf<T>(found: readonly Outcome<T>[], holds: (value: T) => boolean): Truth | undefined {
  const verdicts = found.map(({ value }) => holds(value));
  if (!verdicts.includes(true)) return undefined;
  if (!verdicts.includes(false)) return true;
  const all = new Map(found.flatMap(({ choices }) => choices.map((choice) => [choice.id, choice])));
  const decisive = [...all.values()].filter(({ id }) => isDecisive(id, found, verdicts));
  const causes = (decisive.length > 0 ? decisive : [...all.values()]).flatMap((choice) => choice.causes);
  return distinct(causes);
}

/** Returns whether two outcomes have different verdicts and differ in this choice, but in no other that both met. */
function isDecisive(id: string, found: readonly Outcome<unknown>[], verdicts: readonly boolean[]): boolean {
  const taken = found.map(({ choices }) => new Map(choices.map((choice) => [choice.id, choice.taken])));
  return taken.some((one, i) =>
    taken.some(
      (other, j) =>
        j > i &&
        verdicts[i] !== verdicts[j] &&
        one.has(id) &&
        other.has(id) &&
        one.get(id) !== other.get(id) &&
        [...one].every(([name, option]) => name === id || !other.has(name) || other.get(name) === option),
    ),
  );
}
