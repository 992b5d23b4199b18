import type { Atom, AtomDecision } from "../../model/terraform-evaluation.ts";

export type { Atom, AtomDecision };

/** The result of one evaluation, with the choices that led to it. */
export interface ChoiceOutcome<T> {
  decisions: AtomDecision[];
  result: T;
}

/** Maximum number of assignments that are tried. */
export const MAX_ASSIGNMENTS = 64;
/** Maximum number of evaluations if not all combinations are tried. */
const MAX_COVERING_ASSIGNMENTS = 256;

const choicesOf = (atom: Atom): number => (atom.values ? atom.values.length + (atom.other ? 1 : 0) : 2);

export type Choose = (atom: Atom) => number;

/**
 * Evaluates every assignment of the atoms that the evaluation encounters, depth first, by replay: each run repeats the
 * previous one up to its last decision with a choice left, and takes that choice. If there are more than `limit`
 * assignments, covers each choice of each atom at least once instead. Calls `onUncovered` if even that takes too many.
 */
export function explore<T>(
  evaluate: (choose: Choose) => T,
  { limit = MAX_ASSIGNMENTS, onUncovered }: { limit?: number; onUncovered?: () => void } = {},
): ChoiceOutcome<T>[] {
  const outcomes: ChoiceOutcome<T>[] = [];
  let prefix: number[] | undefined = [];
  while (prefix && outcomes.length < limit) {
    const forced: number[] = prefix;
    const outcome = replay(evaluate, (_atom, position) => forced[position] ?? 0);
    outcomes.push(outcome);
    prefix = nextPrefix(outcome.decisions);
  }
  return prefix ? cover(evaluate, onUncovered) : outcomes;
}

function replay<T>(
  evaluate: (choose: Choose) => T,
  pick: (atom: Atom, position: number) => number,
): ChoiceOutcome<T> {
  const decisions: AtomDecision[] = [];
  const choices = new Map<string, number>();
  const result = evaluate((atom) => {
    const known = choices.get(atom.id);
    if (known !== undefined) return known;
    const choice = pick(atom, decisions.length);
    decisions.push({ atom, choice });
    choices.set(atom.id, choice);
    return choice;
  });
  return { decisions, result };
}

function nextPrefix(decisions: AtomDecision[]): number[] | undefined {
  const last = decisions.findLastIndex(({ atom, choice }) => choice + 1 < choicesOf(atom));
  if (last < 0) return undefined;
  return decisions.slice(0, last + 1).map(({ choice }, i) => (i === last ? choice + 1 : choice));
}

/** Evaluates assignments until each choice of each atom is covered. */
function cover<T>(evaluate: (choose: Choose) => T, onUncovered?: () => void): ChoiceOutcome<T>[] {
  const outcomes: ChoiceOutcome<T>[] = [];
  const covered = new Set<string>();
  const pending = new Map<string, number[]>([["", []]]);
  const seen = new Set<string>();
  while (pending.size > 0 && outcomes.length < MAX_COVERING_ASSIGNMENTS) {
    const forced = pending.values().next().value ?? [];
    const outcome = replay(evaluate, (atom, position) => {
      const fixed = forced[position];
      if (fixed !== undefined) return fixed;
      const all = Array.from({ length: choicesOf(atom) }, (_, i) => i);
      return all.find((i) => !covered.has(`${i} ${atom.id}`)) ?? 0;
    });
    outcomes.push(outcome);
    pending.delete("");
    outcome.decisions.forEach(({ atom, choice }, position) => {
      covered.add(`${choice} ${atom.id}`);
      pending.delete(`${choice} ${atom.id}`);
      if (seen.has(atom.id)) return;
      seen.add(atom.id);
      const before = outcome.decisions.slice(0, position).map((d) => d.choice);
      for (let i = 0; i < choicesOf(atom); i++)
        if (i !== choice) pending.set(`${i} ${atom.id}`, [...before, i]);
    });
  }
  if (pending.size > 0) onUncovered?.();
  return outcomes;
}
