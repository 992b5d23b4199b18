/**
 * A reporter that prints one line about the skipped tests, for example
 * "Skipped 24 tests: Chromium (2: apt-get install chromium), Node 22 (22: make nodes)". The reasons come from the tests:
 * "Node 22 is not installed: make nodes" is shortened, and any other reason is printed in full.
 *
 * @param {AsyncIterable<import("node:test/reporters").TestEvent>} events
 */
export default async function* skipped(events) {
  const counts = new Map();
  for await (const { type, data } of events) {
    if (type !== "test:pass" || data.skip === undefined) continue;
    const reason = typeof data.skip === "string" ? data.skip : "no reason";
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (counts.size === 0) return;
  const total = [...counts.values()].reduce((sum, count) => sum + count);
  const reasons = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(summary);
  yield `Skipped ${total} ${total === 1 ? "test" : "tests"}: ${reasons.join(", ")}\n`;
}

function summary([reason, count]) {
  const [, tool, command] = /^(.+?) is not (?:installed|built)(?:: (.+))?$/.exec(reason) ?? [];
  return `${tool ?? reason} (${command === undefined ? count : `${count}: ${command}`})`;
}
