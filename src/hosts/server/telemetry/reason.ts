/** Why something of the system or the network failed, in a word: `ENOSPC`, `ECONNREFUSED`, `TimeoutError`. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string") return code;
  // fetch tells by `cause` what happened.
  if (error.cause instanceof Error) return errorCode(error.cause);
  return error.name === "Error" || error.name === "TypeError" ? error.message : error.name;
}
