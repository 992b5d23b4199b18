/** Runs the inputs of one target in a process of its own. Arguments: target, state file, seed, seconds, or one input. */
import { readFileSync } from "node:fs";
import { Random } from "../../laws/random.ts";
import { targetNamed } from "../all.ts";
import { keep, keepSlowest, readCorpus, readKept } from "./corpus.ts";
import { Coverage } from "./coverage.ts";
import { CurrentInput } from "./current-input.ts";
import { type Failure, failureOf } from "./failure.ts";
import { minimizeBytes } from "./minimize.ts";
import { type Ingredients, mutate } from "./mutate.ts";
import type { Target } from "./target.ts";

/** Measuring coverage takes milliseconds, so it is measured for all inputs of this time at once. */
const COVERAGE_INTERVAL_MS = 100;
const PROGRESS_INTERVAL_MS = 2_000;
/** One of this many inputs is checked thoroughly. */
const THOROUGH = 8;
const WORTH_A_LOOK_MS = 200;
const MINIMIZE_ATTEMPTS = 600;
/** The rest of the inputs are changed seeds. */
const GENERATED = 0.25;

export type Message =
  | { kind: "progress"; inputs: number; kept: number; blocks: number; slowest: number }
  | { kind: "failure"; input: string; failure: Failure }
  | { kind: "end" };

class Run {
  readonly #target: Target;
  readonly #current: CurrentInput;
  readonly #coverage = new Coverage();
  readonly #known = new Set<string>();
  readonly #pool: Uint8Array[];
  #inputs = 0;
  #kept = 0;
  /** The processor time of the slowest input, in milliseconds. */
  #slowest = 0;
  #stray: unknown;

  constructor(target: Target, state: string) {
    this.#target = target;
    this.#current = new CurrentInput(state);
    this.#pool = target.seeds();
    for (const event of ["uncaughtException", "unhandledRejection"])
      process.on(event, (error: unknown) => {
        this.#stray ??= error;
      });
  }

  /** Replays the inputs that failed once, then tries new ones. */
  async all(random: Random, until: number): Promise<void> {
    const { name } = this.#target;
    for (const { input } of readCorpus(name)) await this.#attempt(input, true);
    for (const input of [...this.#pool]) await this.#attempt(input, false);
    this.#coverage.fresh();
    let batch: Uint8Array[] = [];
    // Inputs that other runs kept count as new, if they still reach anything.
    const waiting = readKept(name);
    let measured = performance.now();
    let told = 0;
    while (Date.now() < until) {
      const input = waiting.pop() ?? this.#next(random);
      await this.#attempt(input, this.#inputs % THOROUGH === 0);
      batch.push(input);
      if (performance.now() - measured > COVERAGE_INTERVAL_MS) {
        const fresh = this.#coverage.fresh();
        if (fresh.size > 0) await this.#attribute(batch, fresh);
        batch = [];
        measured = performance.now();
      }
      if (Date.now() - told > PROGRESS_INTERVAL_MS) {
        this.#report();
        told = Date.now();
      }
    }
    this.#report();
  }

  #report(): void {
    send({
      kind: "progress",
      inputs: this.#inputs,
      kept: this.#kept,
      blocks: this.#coverage.size,
      slowest: this.#slowest,
    });
  }

  #next(random: Random): Uint8Array {
    const from: Ingredients = { seeds: this.#pool, dictionary: this.#target.dictionary };
    if (this.#pool.length > 0 && !random.chance(GENERATED))
      return mutate(random.pick(this.#pool), random, from);
    const generated = this.#target.generate(random);
    return random.chance(0.5) ? generated : mutate(generated, random, from);
  }

  /** Keeps the inputs of a batch that reached new code: runs halves again until single inputs are left. */
  async #attribute(batch: Uint8Array[], fresh: ReadonlySet<string>): Promise<void> {
    const [only, second] = batch;
    if (only !== undefined && second === undefined) {
      this.#pool.push(only);
      this.#kept += 1;
      keep(this.#target.name, only);
      return;
    }
    const middle = batch.length >> 1;
    let missing = fresh;
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      for (const input of half) await this.#execute(input, false).catch(() => undefined);
      const reached = this.#coverage.executed();
      const found = new Set([...missing].filter((name) => reached.has(name)));
      if (found.size > 0) await this.#attribute(half, found);
      missing = new Set([...missing].filter((name) => !found.has(name)));
      if (missing.size === 0) return;
    }
  }

  async #attempt(input: Uint8Array, thorough: boolean): Promise<void> {
    this.#inputs += 1;
    const started = process.cpuUsage().user;
    const failure = await this.#failure(input, thorough);
    this.#compare(input, (process.cpuUsage().user - started) / 1000);
    if (failure === undefined || this.#known.has(failure.what)) return;
    this.#known.add(failure.what);
    const isSame = async (candidate: Uint8Array): Promise<boolean> =>
      (await this.#failure(candidate, true))?.what === failure.what;
    const smallest = (await isSame(input)) ? await minimizeBytes(input, isSame, MINIMIZE_ATTEMPTS) : input;
    const last = (await this.#failure(smallest, true)) ?? failure;
    send({ kind: "failure", input: Buffer.from(smallest).toString("base64"), failure: last });
  }

  /** Keeps the slowest input. Its time is no failure, but shows what costs more than it should. */
  #compare(input: Uint8Array, milliseconds: number): void {
    if (milliseconds <= this.#slowest) return;
    this.#slowest = milliseconds;
    if (milliseconds > WORTH_A_LOOK_MS) keepSlowest(this.#target.name, input);
  }

  async #failure(input: Uint8Array, thorough: boolean): Promise<Failure | undefined> {
    try {
      await this.#execute(input, thorough);
      return undefined;
    } catch (error) {
      return failureOf(error);
    }
  }

  async #execute(input: Uint8Array, thorough: boolean): Promise<void> {
    this.#current.write(input);
    this.#stray = undefined;
    await this.#target.check(input, thorough);
    if (this.#stray !== undefined) throw this.#stray;
  }
}

const send = (message: Message): void => void process.send?.(message);

const [name = "", state = "", seed = "", seconds = "", single] = process.argv.slice(2);
const target = targetNamed(name);
try {
  if (single !== undefined) await target.check(readFileSync(single), true);
  else await new Run(target, state).all(new Random(Number(seed)), Date.now() + Number(seconds) * 1000);
} catch (error) {
  // The handler of unhandled rejections would hide it.
  console.error((error as Error).stack);
  process.exit(1);
}
// The last messages could arrive after the exit of the process, so the supervisor confirms the end.
process.once("message", () => process.exit());
send({ kind: "end" });
