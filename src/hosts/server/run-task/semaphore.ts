/**
 * Returns a function that acquires one of `permits` permits, in order of the calls. It resolves with a function that
 * releases the permit, or as soon as the signal aborts.
 */
export function createSemaphore(permits: number): (signal: AbortSignal) => Promise<() => void> {
  let acquired = 0;
  const waiting: (() => void)[] = [];
  const release = () => {
    acquired -= 1;
    waiting.shift()?.();
  };
  return async (signal) => {
    while (acquired >= permits && !signal.aborted)
      await new Promise<void>((resolve) => {
        const cancel = () => {
          // Otherwise, a permit could be passed to a caller that no longer waits.
          waiting.splice(waiting.indexOf(wake), 1);
          resolve();
        };
        const wake = () => {
          signal.removeEventListener("abort", cancel);
          resolve();
        };
        waiting.push(wake);
        signal.addEventListener("abort", cancel, { once: true });
      });
    acquired += 1;
    return release;
  };
}
