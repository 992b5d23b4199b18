/**
 * Returns a random factor from `1 - spread` to `1 + spread` for a pause, so that servers that started or failed together do
 * not send requests together.
 */
export const jitter = (spread: number): number => 1 + spread * (2 * Math.random() - 1);
