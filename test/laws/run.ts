/** Runs the laws on many inputs: make laws COUNT=200000 SEED=1 LAW=restriction. Exits with 1 if an input breaks a law. */
import { parseArgs } from "node:util";
import { laws } from "./all.ts";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    law: { type: "string", default: "" },
  },
});
const selected = laws.filter(({ name }) => values.law === "" || name === values.law);
if (selected.length === 0) throw new Error(`No law is called ${values.law}.`);

const count = Number(values.count);
let failed = false;
for (const law of selected) {
  const totals = new Map<string, number>();
  const started = Date.now();
  let checked = 0;
  let announced = started;
  for (const progress of law.run(count, Number(values.seed))) {
    checked += progress.checked;
    for (const { what, input, detail, seed, count: size } of progress.broken) {
      const number = (totals.get(what) ?? 0) + 1;
      totals.set(what, number);
      if (number <= 5)
        console.log(`\n${law.name}: ${what} (SEED=${seed} COUNT=${size})\n${input}\n${detail}`);
    }
    if (Date.now() - announced > 10_000) {
      announced = Date.now();
      console.error(`${law.name}: ${checked} of ${count} inputs, ${total(totals)} violations`);
    }
  }
  failed ||= totals.size > 0;
  console.log(
    `\n${law.name}: ${checked} inputs in ${Math.round((Date.now() - started) / 1000)} s, seed ${values.seed}`,
  );
  for (const [what, number] of totals) console.log(`  ${number} × ${what}`);
  if (totals.size === 0) console.log("  no violation");
}
process.exitCode = failed ? 1 : 0;

function total(totals: ReadonlyMap<string, number>): number {
  return [...totals.values()].reduce((sum, number) => sum + number, 0);
}
