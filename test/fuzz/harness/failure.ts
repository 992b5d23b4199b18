/** Describes failures so that two inputs with the same cause count once. */

export interface Failure {
  /** Identifies the cause. */
  what: string;
  detail: string;
}

/** Returns the failure for what an input threw. An oracle names itself; other errors are identified by their place. */
export function failureOf(thrown: unknown): Failure {
  if (!(thrown instanceof Error)) return { what: `threw ${typeof thrown}`, detail: String(thrown) };
  const stack = thrown.stack ?? "";
  const frame = /\/(src\/[^)\n]*?):\d+\)?$/m.exec(stack)?.[1];
  const [what = "", ...detail] = thrown.message.split("\n");
  if (thrown.constructor === Error && frame === undefined) return { what, detail: detail.join("\n") };
  return {
    what: `${thrown.name} at ${frame ?? "unknown place"}`,
    detail: `${thrown.message}\n${stack}`.slice(0, 2000),
  };
}
