/** Replaces node:test in bundles of scripts/mutate/bundle.ts: collects the tests. */
interface Collected {
  name: string;
  body: () => unknown;
}

export const tests: Collected[] = [];

export function test(name: string, body: () => unknown): void {
  tests.push({ name, body });
}
