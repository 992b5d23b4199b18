/**
 * Changes each condition, operator, constant and return value of src/core/analysis, one at a time, and runs the tests of
 * the analysis on each mutant: make mutate-analysis FILE=openness. Then runs the restriction law on the survivors, and
 * prints each with the smallest policy on which it makes a difference. Exits with 1 if one isn't listed in
 * equivalent.json.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Allowed } from "./allowed.ts";
import { bundleWithMutants } from "./bundle.ts";
import type { Case } from "./cases.ts";
import { describe, type Mutant } from "./mutant.ts";
import { MutantSwitch } from "./switch.ts";

type Cases = typeof import("./cases.ts");

const root = new URL("../..", import.meta.url).pathname;
const directory = "src/core/analysis";

const { values } = parseArgs({
  options: {
    file: { type: "string", default: "" },
    count: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
  },
});
const files = readdirSync(join(root, directory))
  .sort()
  .filter((name) => values.file === "" || name === `${values.file}.ts`)
  .map((name) => `${directory}/${name}`);
if (files.length === 0) {
  console.error(`${directory} has no file ${values.file}.ts.`);
  process.exit(2);
}

const mutants = new MutantSwitch();
Object.assign(globalThis, { __mutants: mutants });
const allowed = new Allowed("analysis");

/** A case, with what it does without a mutant. */
interface Measured {
  name: string;
  index: number;
  steps: number;
  result: string | undefined;
}

class File {
  readonly #path: string;
  readonly #cases: Case[];
  readonly #original: Measured[] = [];
  /** By mutant: the cases that reach it. */
  readonly #reaching = new Map<number, Measured[]>();
  readonly #atLoad: ReadonlySet<number>;

  private constructor(path: string, cases: Case[], atLoad: ReadonlySet<number>) {
    this.#path = path;
    this.#cases = cases;
    this.#atLoad = atLoad;
  }

  static async load(path: string): Promise<File> {
    mutants.reached = new Set();
    mutants.start(-1, Number.POSITIVE_INFINITY);
    const { analysisCases, lawCases } = await importCases(path, -1);
    const atLoad = mutants.reached;
    const file = new File(
      path,
      [...analysisCases, ...lawCases(Number(values.count), Number(values.seed))],
      atLoad,
    );
    for (const [index, one] of file.#cases.entries()) await file.#measure(one, index);
    mutants.reached = undefined;
    return file;
  }

  async #measure(one: Case, index: number): Promise<void> {
    mutants.reached = new Set();
    mutants.start(-1, Number.POSITIVE_INFINITY);
    const result = one.result?.();
    // Cases with a result run only if it changes.
    const reason = one.result === undefined ? await one.run() : undefined;
    if (reason !== undefined) throw new Error(`${one.name} fails without a mutant: ${reason}`);
    const measured = { name: one.name, index, steps: mutants.steps, result };
    this.#original.push(measured);
    for (const n of mutants.reached)
      if (!this.#atLoad.has(n)) this.#reaching.set(n, [...(this.#reaching.get(n) ?? []), measured]);
  }

  /** Returns what the cases say about a mutant, with the smallest input that it changes. */
  async run(n: number): Promise<{ outcome: "killed" | "survived" | "not reached"; example?: string }> {
    const isAtLoad = this.#atLoad.has(n);
    const reaching = isAtLoad ? this.#original : (this.#reaching.get(n) ?? []);
    if (reaching.length === 0) return { outcome: "not reached" };
    let cases = this.#cases;
    try {
      if (isAtLoad) {
        mutants.start(n, Number.POSITIVE_INFINITY);
        const loaded = await importCases(this.#path, n);
        cases = [...loaded.analysisCases, ...loaded.lawCases(Number(values.count), Number(values.seed))];
      }
    } catch {
      return { outcome: "killed" };
    }
    let example: string | undefined;
    for (const { name, index, steps, result } of reaching) {
      const one = cases[index] as Case;
      mutants.start(n, steps * 20 + 100_000);
      try {
        if (one.result !== undefined && one.result() === result) continue;
        mutants.start(n, steps * 20 + 100_000);
        if ((await one.run()) !== undefined) return { outcome: "killed" };
      } catch {
        return { outcome: "killed" };
      }
      if (one.result !== undefined && (example === undefined || name.length < example.length)) example = name;
    }
    return { outcome: "survived", ...(example !== undefined && { example }) };
  }
}

async function importCases(path: string, n: number): Promise<Cases> {
  return import(`${pathToFileURL(path).href}?mutant=${n}`);
}

let unexplained = 0;
for (const file of files) await mutateFile(file);
const stale = allowed.stale(files);
for (const entry of stale) console.log(`equivalent.json: a test notices ${entry}, or it no longer exists`);
if (unexplained + stale.length > 0) process.exitCode = 1;

async function mutateFile(file: string): Promise<void> {
  const { path, mutants: list } = await bundleWithMutants(file);
  const loaded = await File.load(path);
  const counts = { killed: 0, survived: 0, "not reached": 0, equivalent: 0 };
  for (const [n, mutant] of list.entries()) {
    const { outcome, example } = await loaded.run(n);
    const isExplained = outcome !== "killed" && allowed.explains(mutant);
    counts[isExplained ? "equivalent" : outcome] += 1;
    if (outcome !== "killed" && !isExplained) print(mutant, outcome, example);
  }
  unexplained += counts.survived + counts["not reached"];
  const numbers = Object.entries(counts).map(([outcome, number]) => `${number} ${outcome}`);
  console.log(`${file}: ${list.length} mutants, ${numbers.join(", ")}`);
}

function print(mutant: Mutant, outcome: string, example: string | undefined): void {
  console.log(`${outcome}: ${describe(mutant)}`);
  if (example !== undefined) console.log(`  makes a difference to ${example}`);
}
