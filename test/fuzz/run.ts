/**
 * Runs the fuzz targets: make fuzz MINUTES=10 TARGET=plan, or one input: make fuzz TARGET=plan INPUT=path. Exits with 1 if
 * an input fails that is not in the corpus yet.
 */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { targetNamed, targetNames } from "./all.ts";
import { readCorpus, saveFailure } from "./harness/corpus.ts";
import { failureOf } from "./harness/failure.ts";
import { goTargets, runGoTarget } from "./harness/go.ts";
import { supervise } from "./harness/supervise.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "1" },
    target: { type: "string", default: "" },
    seed: { type: "string", default: "" },
    input: { type: "string", default: "" },
  },
});

if (values.input !== "") await repeat(values.target, values.input);
else await runAll(Number(values.minutes) * 60, values.seed === "" ? Date.now() >>> 0 : Number(values.seed));

async function repeat(name: string, path: string): Promise<void> {
  try {
    await targetNamed(name).check(readFileSync(path), true);
    console.log(`${name}: ${path} passes`);
  } catch (error) {
    const { what, detail } = failureOf(error);
    console.log(`${name}: ${what}\n${detail}`);
    process.exitCode = 1;
  }
}

async function runAll(seconds: number, seed: number): Promise<void> {
  const isSelected = (name: string): boolean => values.target === "" || name === values.target;
  const go = goTargets().filter(({ name }) => isSelected(name));
  const selected = targetNames.filter(isSelected);
  if (go.length + selected.length === 0)
    throw new Error(
      `No target is called ${values.target}. Targets: ${[...targetNames, ...goTargets().map(({ name }) => name)].join(", ")}.`,
    );
  console.log(`Seed ${seed}`);
  for (const name of selected) {
    const open = new Set(readCorpus(name).flatMap((entry) => (entry.open ? [entry.what] : [])));
    let [failures, known] = [0, 0];
    const result = await supervise(name, seed, seconds, ({ what, detail, input }) => {
      if (open.has(what)) {
        known += 1;
        return;
      }
      failures += 1;
      const path = relative(process.cwd(), saveFailure(name, input, what));
      console.log(`\n${name}: ${what}\n${detail}\nRepeat: make fuzz TARGET=${name} INPUT=${path}`);
    });
    const rate = Math.round(result.inputs / Math.max(result.seconds, 1));
    console.log(
      `${name}: ${result.inputs} inputs, ${rate}/s, ${result.kept} kept, ${result.blocks} blocks reached, slowest ${Math.round(result.slowest)} ms, ${failures} failures${known === 0 ? "" : `, ${known} known failures`}`,
    );
    if (failures > 0) process.exitCode = 1;
  }
  for (const target of go) {
    const { passed, summary } = await runGoTarget(target, seconds);
    console.log(`${target.name}: ${summary}`);
    if (!passed) process.exitCode = 1;
  }
}
