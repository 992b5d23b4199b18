import { CheckError } from "./error.ts";

/** Returns the error of an aborted check; its cause is the reason of the signal. */
export const abortError = ({ reason }: AbortSignal): CheckError =>
  new CheckError("aborted", "The check was aborted.", { cause: reason });

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortError(signal);
}
