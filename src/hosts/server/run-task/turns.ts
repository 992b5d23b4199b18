/** Lets `most` go on at once, in the order in which they came. Each gives what is to be called when it is done. */
export function turns(most: number): (signal: AbortSignal) => Promise<() => void> {
  let busy = 0;
  const waiting: (() => void)[] = [];
  const leave = () => {
    busy -= 1;
    waiting.shift()?.();
  };
  return async (signal) => {
    while (busy >= most && !signal.aborted)
      await new Promise<void>((go) => {
        const stop = () => {
          // A turn that is not taken must not get lost.
          waiting.splice(waiting.indexOf(called), 1);
          go();
        };
        const called = () => {
          signal.removeEventListener("abort", stop);
          go();
        };
        waiting.push(called);
        signal.addEventListener("abort", stop, { once: true });
      });
    busy += 1;
    return leave;
  };
}
