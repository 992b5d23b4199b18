import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds until a test counts as hanging: far more than any condition takes on a busy machine. */
const HANGS = 120_000;

/** Waits until a condition holds. Rejects if it does not hold within two minutes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + HANGS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`The condition does not hold: ${condition}`);
    await sleep(5);
  }
}
