/** Items that a function failed on together, and what it threw. */
export interface Failure<T> {
  items: T[];
  error: unknown;
}

/** The number of failed attempts after which items are no longer divided, so that hostile inputs cannot take forever. */
const MAX_FAILED_ATTEMPTS = 2000;

/** An attempt that ran out of memory may have taken seconds; other failures take milliseconds. */
const OUT_OF_MEMORY_COST = 50;

/**
 * Runs a function on all items. If it throws, runs it on each half of them, down to single items, and returns the items
 * that it failed on. The function must have no effect if it throws.
 */
export function divide<T>(items: T[], run: (items: T[]) => void): Failure<T>[] {
  let budget = MAX_FAILED_ATTEMPTS;
  const failuresIn = (part: T[]): Failure<T>[] => {
    try {
      run(part);
      return [];
    } catch (error) {
      budget -= isOutOfMemory(error) ? OUT_OF_MEMORY_COST : 1;
      if (part.length <= 1 || budget <= 0) return [{ items: part, error }];
      const middle = part.length >> 1;
      return [...failuresIn(part.slice(0, middle)), ...failuresIn(part.slice(middle))];
    }
  };
  return items.length === 0 ? [] : failuresIn(items);
}

/**
 * Returns the items that a function fails on and without which it succeeds, found by halves. If the function still fails
 * without them, or if it fails only on several items together, returns all items.
 */
export function offendersIn<T>(items: T[], run: (items: T[]) => void): Failure<T>[] {
  const failures = divide(items, run);
  if (failures.length === 0) {
    const error = errorOf(() => run(items));
    return error === undefined ? [] : [{ items, error: error.thrown }];
  }
  const offenders = new Set(failures.flatMap((failure) => failure.items));
  const error = errorOf(() => run(items.filter((item) => !offenders.has(item))));
  return error === undefined ? failures : [{ items, error: error.thrown }];
}

function errorOf(run: () => void): { thrown: unknown } | undefined {
  try {
    run();
    return undefined;
  } catch (thrown) {
    return { thrown };
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  /memory|malloc/i.test(String((error as Error)?.message ?? error));
