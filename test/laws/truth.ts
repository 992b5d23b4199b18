/** The answer of the evaluator; "maybe" where AWS does not document the answer. */
export type Truth = "no" | "maybe" | "yes";

const order: readonly Truth[] = ["no", "maybe", "yes"];
const rank = (truth: Truth): number => order.indexOf(truth);

export const truthOf = (holds: boolean): Truth => (holds ? "yes" : "no");
export const not = (truth: Truth): Truth => order[2 - rank(truth)] as Truth;
export const all = (truths: Iterable<Truth>): Truth => fold(truths, "yes", (a, b) => rank(a) < rank(b));
export const any = (truths: Iterable<Truth>): Truth => fold(truths, "no", (a, b) => rank(a) > rank(b));

function fold(truths: Iterable<Truth>, start: Truth, wins: (a: Truth, b: Truth) => boolean): Truth {
  let result = start;
  for (const truth of truths) if (wins(truth, result)) result = truth;
  return result;
}
