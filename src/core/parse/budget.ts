import type { Policy } from "../model/document.ts";
import type { Parsed, Problem, Source } from "../model/source.ts";
import { sourceProblem } from "./problem.ts";

/*
 * Expressions of an input can multiply: a reference to a reference doubles with each level. The steps that a format
 * takes for a source are therefore limited in proportion to the length of its text.
 */

/** Every source has these steps. */
const BASE_STEPS = 100_000;
/** A template with conditions is evaluated up to 256 times, and a value has about 20 characters. */
const STEPS_PER_CHARACTER = 20;
/** Copying this many characters takes one step. */
const CHARACTERS_PER_STEP = 32;
/** Normalizing this many bytes of a policy, and evaluating the rules on them, takes one step. */
const POLICY_BYTES_PER_STEP = 2;
/** Steps for each principal, action and condition of a policy. */
const STEPS_PER_ELEMENT = 10;

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

/** Gives a source all its steps. A source that never had any, such as a Terraform module, has no limit here. */
export const resetBudget = (source: Source): void => void remaining.set(source, stepsFor(source));

/** Takes steps from the budget of a source. Throws OverBudget, with the position of the pointer, if none are left. */
export function spendSteps(parsed: Parsed, pointer: string, steps = 1): void {
  const { source } = parsed;
  const left = (remaining.get(source) ?? Number.POSITIVE_INFINITY) - steps;
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

/** Reports that a source needs more steps than it has. */
export const exhaustSteps = (parsed: Parsed, pointer: string): void =>
  spendSteps(parsed, pointer, Number.POSITIVE_INFINITY);

/** Takes the steps for a policy from the budget of a source. Several keys can have a policy that is written once. */
export function spendPolicy(parsed: Parsed, pointer: string, { size, statements }: Policy): void {
  const elements = statements.reduce(
    (sum, { principals, actions, conditions }) =>
      sum + principals.length + actions.length + conditions.length,
    0,
  );
  const bytes = Math.ceil((size?.bytes ?? 0) / POLICY_BYTES_PER_STEP);
  spendSteps(parsed, pointer, bytes + STEPS_PER_ELEMENT * elements);
}

/** Takes the steps for a text from the budget of a source. */
export const spendCharacters = (parsed: Parsed, pointer: string, characters: number): void =>
  spendSteps(parsed, pointer, Math.ceil(characters / CHARACTERS_PER_STEP));
