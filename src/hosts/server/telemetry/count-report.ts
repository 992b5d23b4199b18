/** Counts by reason, for messages that would otherwise be repeated for every request. */
export interface CountReport<Reason extends string> {
  add(count: number, reason: Reason): void;
  /** Reports what was added since the last report. */
  flush(): void;
}

/** Reports a count at once, and further counts with the same reason as one sum per interval. */
export function createCountReport<Reason extends string>(
  report: (count: number, reason: Reason) => void,
  intervalMs: number,
): CountReport<Reason> {
  /** Reasons that were reported within the interval, with the count since then. */
  const recent = new Map<Reason, { count: number; timer: NodeJS.Timeout }>();

  const add = (count: number, reason: Reason) => {
    const entry = recent.get(reason);
    if (entry !== undefined) {
      entry.count += count;
      return;
    }
    const timer = setTimeout(() => flush(reason), intervalMs).unref();
    recent.set(reason, { count: 0, timer });
    report(count, reason);
  };
  const flush = (reason: Reason) => {
    const { count = 0, timer } = recent.get(reason) ?? {};
    clearTimeout(timer);
    recent.delete(reason);
    if (count > 0) add(count, reason);
  };
  return {
    add,
    flush: () => {
      for (const reason of [...recent.keys()]) flush(reason);
    },
  };
}
