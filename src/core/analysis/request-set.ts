import { intersect, isEmptySet, subtract, type ValueSet } from "./values.ts";

/**
 * A set of requests: those whose every part is in the set of its name. `caller` is a part, and so is each condition key.
 * A part that is not in the map is in the set that the universe has for it.
 */
export type RequestBox = ReadonlyMap<string, ValueSet>;

/** Any contents that a request can have in a part. Depends on who calls, and on the action. */
export type Universe = (part: string) => ValueSet;

/** The universe has more parts than an analysis may split it into. */
export class TooManyParts extends Error {}

const MAX_BOXES = 4_000;

/** Returns a box with a further restriction, or null if it is empty. */
export function restricted(
  box: RequestBox,
  part: string,
  set: ValueSet,
  universe: Universe,
): RequestBox | null {
  const narrowed = intersect(box.get(part) ?? universe(part), set);
  return isEmptySet(narrowed) ? null : new Map(box).set(part, narrowed);
}

/** Returns the intersection of two boxes, or null if it is empty. */
export function commonRequests(a: RequestBox, b: RequestBox, universe: Universe): RequestBox | null {
  let box: RequestBox | null = a;
  for (const [part, set] of b) box = box && restricted(box, part, set, universe);
  return box;
}

/** Returns disjoint boxes with the requests of `a` that are not in `b`. */
export function otherRequests(a: RequestBox, b: RequestBox, universe: Universe): RequestBox[] {
  const left: RequestBox[] = [];
  let common: RequestBox = a;
  for (const [part, set] of b) {
    const own = common.get(part) ?? universe(part);
    for (const rest of subtract(own, set)) left.push(new Map(common).set(part, rest));
    const shared = restricted(common, part, set, universe);
    if (shared === null) return [a];
    common = shared;
  }
  return left;
}

/** Returns the requests of `boxes` that are not in `b`. */
export function requestsWithout(
  boxes: readonly RequestBox[],
  b: RequestBox,
  universe: Universe,
): RequestBox[] {
  const left = boxes.flatMap((box) => otherRequests(box, b, universe));
  if (left.length > MAX_BOXES) throw new TooManyParts();
  return left;
}
