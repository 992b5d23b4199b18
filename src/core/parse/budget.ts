import type { Parsed, Problem, Source } from "../model/source.ts";
import { sourceProblem } from "./problem.ts";

/*
 * Expressions of an input can multiply: a reference to a reference doubles with each level. The steps that a format
 * takes for a source are therefore limited in proportion to the length of its text.
 */

/** Every source has these steps. */
const BASE_STEPS = 300_000;
/** A template of conditions is evaluated up to 256 times, and a value has about 20 characters. */
const STEPS_PER_CHARACTER = 20;
/** Copying this many characters takes one step. */
const CHARACTERS_PER_STEP = 32;

const remaining = new WeakMap<Source, number>();

const stepsFor = ({ text }: Source): number => BASE_STEPS + STEPS_PER_CHARACTER * text.length;

/** Thrown when the steps of a source are used up. */
export class OverBudget extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Gives a source all its steps. */
export const resetBudget = (source: Source): void => void remaining.set(source, stepsFor(source));

/** Takes steps from the budget of a source. Throws OverBudget, with the position of the pointer, if none are left. */
export function spendSteps(parsed: Parsed, pointer: string, steps = 1): void {
  const { source } = parsed;
  const left = (remaining.get(source) ?? stepsFor(source)) - steps;
  remaining.set(source, left);
  if (left >= 0) return;
  throw new OverBudget(
    sourceProblem(
      parsed,
      pointer,
      `The expressions of the file expand to more than ${stepsFor(source)} values, which is the limit for its length.`,
      "Simplify the expressions that refer to each other here, or split the file.",
    ),
  );
}

/** Takes the steps for a text from the budget of a source. */
export const spendCharacters = (parsed: Parsed, pointer: string, characters: number): void =>
  spendSteps(parsed, pointer, Math.ceil(characters / CHARACTERS_PER_STEP));
