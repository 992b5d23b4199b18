import { difference, everything, intersection, isEmpty, type Language, nothing } from "./language.ts";

/** A range of numbers, both ends included. Numbers are `bigint` for IP addresses, so that IPv6 fits. */
export type Interval<N extends number | bigint = number | bigint> = readonly [N, N];

/**
 * A set of contents of one part of a request: of a condition key, or of the caller. `absent`: requests without the
 * condition key belong to the set.
 */
export type ValueSet = StringSet | ListSet | IntervalSet;

export interface StringSet {
  kind: "string";
  absent: boolean;
  values: Language;
}

/** Contents of a multivalued condition key: all values are in `all`, and each language of `some` has one of them. */
export interface ListSet {
  kind: "list";
  absent: boolean;
  all: Language;
  some: readonly Language[];
  /** There is at least one value. Otherwise the set contains only requests without the condition key. */
  present: boolean;
}

/** Sorted, disjoint intervals. */
export interface IntervalSet {
  kind: "interval";
  absent: boolean;
  intervals: readonly Interval[];
}

export const strings = (values: Language, absent = false): StringSet => ({ kind: "string", absent, values });
export const onlyAbsent: StringSet = strings(nothing, true);
export const anyValue: StringSet = strings(everything, true);
export const anyList: ListSet = { kind: "list", absent: true, all: everything, some: [], present: true };

export const isEmptySet = (set: ValueSet): boolean =>
  !set.absent &&
  (set.kind === "string"
    ? isEmpty(set.values)
    : set.kind === "interval"
      ? set.intervals.length === 0
      : !set.present || isEmpty(set.all) || set.some.some((one) => isEmpty(intersection(one, set.all))));

/** Returns the intersection of two sets of the same kind. */
export function intersect(a: ValueSet, b: ValueSet): ValueSet {
  const absent = a.absent && b.absent;
  if (a.kind === "string" && b.kind === "string") return strings(intersection(a.values, b.values), absent);
  if (a.kind === "interval" && b.kind === "interval")
    return { kind: "interval", absent, intervals: intersectIntervals(a.intervals, b.intervals) };
  if (a.kind === "list" && b.kind === "list") {
    return {
      kind: "list",
      absent,
      all: intersection(a.all, b.all),
      some: [...a.some, ...b.some.filter((one) => !a.some.includes(one))],
      present: a.present && b.present,
    };
  }
  throw new TypeError(`a condition key cannot be both ${a.kind} and ${b.kind}`);
}

/** Returns disjoint sets that together contain what is in `a` and not in `b`; those that are empty are left out. */
export function subtract(a: ValueSet, b: ValueSet): ValueSet[] {
  const absent = a.absent && !b.absent;
  const parts: ValueSet[] = [];
  if (a.kind === "string" && b.kind === "string") parts.push(strings(difference(a.values, b.values), absent));
  else if (a.kind === "interval" && b.kind === "interval")
    parts.push({ kind: "interval", absent, intervals: subtractIntervals(a.intervals, b.intervals) });
  else if (a.kind === "list" && b.kind === "list") {
    if (absent) parts.push({ ...a, absent, present: false });
    const present = { ...a, absent: false };
    if (!b.present) parts.push(present);
    else {
      // A list is outside `b` if one of its values is outside `b.all`, or if it has no value of one of `b.some`.
      let rest: ListSet = present;
      if (b.all !== everything) {
        parts.push({ ...rest, some: [...rest.some, difference(everything, b.all)] });
        rest = { ...rest, all: intersection(rest.all, b.all) };
      }
      for (const one of b.some) {
        parts.push({ ...rest, all: difference(rest.all, one) });
        rest = { ...rest, some: [...rest.some, one] };
      }
    }
  } else throw new TypeError(`a condition key cannot be both ${a.kind} and ${b.kind}`);
  return parts.filter((part) => !isEmptySet(part));
}

/** Sorts intervals and joins those that overlap. */
export function joinIntervals(list: readonly Interval[]): Interval[] {
  const joined: [number | bigint, number | bigint][] = [];
  for (const [from, to] of [...list].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = to > last[1] ? to : last[1];
    else joined.push([from, to]);
  }
  return joined;
}

function intersectIntervals(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  return a.flatMap(([from, to]) =>
    b.flatMap(([start, end]): Interval[] => {
      const low = from > start ? from : start;
      const high = to < end ? to : end;
      return low <= high ? [[low, high]] : [];
    }),
  );
}

function subtractIntervals(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  return b.reduce<readonly Interval[]>(
    (left, [start, end]) =>
      left.flatMap(([from, to]): Interval[] => {
        if (end < from || start > to) return [[from, to]];
        const parts: Interval[] = [];
        if (from < start) parts.push([from, before(start)]);
        if (end < to) parts.push([after(end), to]);
        return parts;
      }),
    a,
  ) as Interval[];
}

// The neighbor of a number: the next integer for addresses, and for fractions a number that is as close as it matters.
const before = (n: number | bigint): number | bigint => (typeof n === "bigint" ? n - 1n : n - gap(n));
const after = (n: number | bigint): number | bigint => (typeof n === "bigint" ? n + 1n : n + gap(n));
const gap = (n: number): number => Math.max(Math.abs(n) * Number.EPSILON, Number.EPSILON);
