/** Returns the code or name of a system or network error: `ENOSPC`, `ECONNREFUSED`, `TimeoutError`. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string") return code;
  // fetch wraps the network error in `cause`.
  if (error.cause instanceof Error) return errorCode(error.cause);
  return error.name === "Error" || error.name === "TypeError" ? error.message : error.name;
}
