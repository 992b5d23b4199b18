/** Runs the laws on many inputs: make laws COUNT=200000 SEED=1 LAW=restriction. Exits with 1 if an input breaks a law. */
import { parseArgs } from "node:util";
import { laws } from "./all.ts";
import type { Broken } from "./law.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    law: { type: "string", default: "" },
  },
});
const selected = laws.filter(({ name }) => values.law === "" || name === values.law);
if (selected.length === 0) throw new Error(`No law is called ${values.law}.`);

/** Prints this many of the shortest inputs of each kind. */
const shown = 5;

const count = Number(values.count);
let failed = false;
for (const law of selected) {
  const found = new Map<string, { number: number; smallest: Broken[] }>();
  const started = Date.now();
  let checked = 0;
  let announced = started;
  for (const progress of law.run(count, Number(values.seed))) {
    checked += progress.checked;
    for (const broken of progress.broken) {
      const { number = 0, smallest = [] } = found.get(broken.what) ?? {};
      const kept = [...smallest, broken].sort((a, b) => a.input.length - b.input.length).slice(0, shown);
      found.set(broken.what, { number: number + 1, smallest: kept });
    }
    if (Date.now() - announced > 10_000) {
      announced = Date.now();
      console.error(`${law.name}: ${checked} of ${count} inputs, ${total(found)} violations`);
    }
  }
  failed ||= found.size > 0;
  for (const [what, { smallest }] of found)
    for (const { input, detail, seed, count: size } of smallest)
      console.log(`\n${law.name}: ${what} (SEED=${seed} COUNT=${size})\n${input}\n${detail}`);
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `\n${law.name}: ${checked} inputs in ${seconds} s, seed ${values.seed}, ${total(found)} violations`,
  );
  for (const [what, { number }] of found) console.log(`  ${number} × ${what}`);
}
process.exitCode = failed ? 1 : 0;

function total(found: ReadonlyMap<string, { number: number }>): number {
  return [...found.values()].reduce((sum, { number }) => sum + number, 0);
}
