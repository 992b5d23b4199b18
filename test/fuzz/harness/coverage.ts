/** Tells which code inputs reach that no earlier input reached, with the block coverage of V8. */
import { type Profiler, Session } from "node:inspector";

const sources = new URL("../../../src/", import.meta.url).href;

export class Coverage {
  readonly #session = new Session();
  readonly #reached = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#post("Profiler.enable");
    this.#post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Number of functions and blocks that were reached so far. */
  get size(): number {
    return this.#reached.size;
  }

  /** Returns the functions and blocks that were reached for the first time since the last call. */
  fresh(): Set<string> {
    const fresh = new Set([...this.executed()].filter((name) => !this.#reached.has(name)));
    for (const name of fresh) this.#reached.add(name);
    return fresh;
  }

  /** Returns the functions and blocks that were reached since the last call. Takes five milliseconds. */
  executed(): Set<string> {
    const { result } = this.#post("Profiler.takePreciseCoverage") as Profiler.TakePreciseCoverageReturnType;
    return new Set(
      result
        .filter(({ url }) => url.startsWith(sources))
        .flatMap(({ scriptId, functions }) =>
          functions.flatMap(({ ranges }) =>
            ranges
              .filter(({ count }) => count > 0)
              .map(({ startOffset, endOffset }) => `${scriptId}:${startOffset}:${endOffset}`),
          ),
        ),
    );
  }

  #post(method: string, parameters: object = {}): unknown {
    let answer: unknown;
    // The session answers synchronously, because it is connected to its own thread.
    this.#session.post(method, parameters, (error, result) => {
      if (error !== null) throw new Error(error.message);
      answer = result;
    });
    return answer;
  }
}
