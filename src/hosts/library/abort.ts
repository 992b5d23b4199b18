import { CheckError } from "./error.ts";

export const aborted = ({ reason }: AbortSignal): CheckError =>
  new CheckError("aborted", "The check was aborted.", { cause: reason });

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw aborted(signal);
}
