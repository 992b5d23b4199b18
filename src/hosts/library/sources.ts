import type { Source } from "../../core/model/source.ts";
import { abortError } from "./abort.ts";
import { CheckError } from "./error.ts";

/** Returns the sources as a list without byte order marks. Throws a CheckError if one is invalid. */
export function assertSources(sources: Iterable<Source>): Source[] {
  if (typeof (sources as Partial<Iterable<Source>> | undefined)?.[Symbol.iterator] !== "function")
    throw new CheckError("invalid-source", "The sources are not a list of { path, text }.");
  return Array.from(sources, assertSource);
}

/** Collects sources that may arrive asynchronously. Throws a CheckError if one is invalid or the signal is aborted. */
export async function collectSources(
  sources: Iterable<Source> | AsyncIterable<Source>,
  signal: AbortSignal | undefined,
): Promise<Source[]> {
  const start = (sources as Partial<AsyncIterable<Source>> | undefined)?.[Symbol.asyncIterator];
  if (typeof start !== "function") return assertSources(sources as Iterable<Source>);
  const iterator = start.call(sources);
  const stopped = rejectOnAbort(signal);
  const collected: Source[] = [];
  try {
    for (;;) {
      const { done, value } = await Promise.race([iterator.next(), stopped.promise]);
      if (done === true) return collected;
      collected.push(assertSource(value, collected.length));
    }
  } catch (error) {
    // Not awaited: the iterator may never settle.
    iterator.return?.()?.catch(() => undefined);
    throw error;
  } finally {
    stopped.end();
  }
}

/** Returns a promise that rejects when the signal is aborted, and a function that removes the listener. */
function rejectOnAbort(signal: AbortSignal | undefined): { promise: Promise<never>; end: () => void } {
  let end = () => {};
  const promise = new Promise<never>((_, reject) => {
    if (signal === undefined) return;
    const stop = () => reject(abortError(signal));
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop);
    end = () => signal.removeEventListener("abort", stop);
  });
  promise.catch(() => undefined);
  return { promise, end: () => end() };
}

function assertSource(source: Source, index: number): Source {
  const { path, text, named } = source ?? {};
  if (typeof path !== "string" || path === "" || typeof text !== "string")
    throw new CheckError("invalid-source", `Source ${index} is not { path, text } with two strings.`);
  // Reading a file also removes its byte order mark.
  const content = text.startsWith("\uFEFF") ? text.slice(1) : text;
  return { path, text: content, ...(named === true ? { named } : {}) };
}
