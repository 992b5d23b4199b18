import type { Source } from "../../core/model/source.ts";
import { aborted } from "./abort.ts";
import { CheckError } from "./error.ts";

/** The sources, each as it has to be. Throws a CheckError. */
export function sourcesIn(given: Iterable<Source>): Source[] {
  if (typeof (given as Partial<Iterable<Source>> | undefined)?.[Symbol.iterator] !== "function")
    throw new CheckError("invalid-source", "The sources are no list of { path, text }.");
  return Array.from(given, sourceOf);
}

/** The same of sources that come one after the other; none is asked for after the signal. */
export async function sourcesFrom(
  given: Iterable<Source> | AsyncIterable<Source>,
  signal: AbortSignal | undefined,
): Promise<Source[]> {
  const start = (given as Partial<AsyncIterable<Source>> | undefined)?.[Symbol.asyncIterator];
  if (typeof start !== "function") return sourcesIn(given as Iterable<Source>);
  const iterator = start.call(given);
  const stopped = untilAborted(signal);
  const sources: Source[] = [];
  try {
    for (;;) {
      const { done, value } = await Promise.race([iterator.next(), stopped.promise]);
      if (done === true) return sources;
      sources.push(sourceOf(value, sources.length));
    }
  } catch (error) {
    // Not awaited: whoever gives the sources may hang.
    iterator.return?.()?.catch(() => undefined);
    throw error;
  } finally {
    stopped.end();
  }
}

/** A promise that is rejected when the signal is aborted. */
function untilAborted(signal: AbortSignal | undefined): { promise: Promise<never>; end: () => void } {
  let end = () => {};
  const promise = new Promise<never>((_, reject) => {
    if (signal === undefined) return;
    const stop = () => reject(aborted(signal));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    end = () => signal.removeEventListener("abort", stop);
  });
  promise.catch(() => undefined);
  return { promise, end: () => end() };
}

function sourceOf(source: Source, index: number): Source {
  const { path, text, named } = source ?? {};
  if (typeof path !== "string" || path === "" || typeof text !== "string")
    throw new CheckError("invalid-source", `Source ${index} is not { path, text } with texts.`);
  // A byte order mark is no part of the text, as in files.
  const own = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return { path, text: own, ...(named === true ? { named } : {}) };
}
