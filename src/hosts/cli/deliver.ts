import { writeText } from "../../node/files.ts";
import { renderProblems } from "../../reporters/text.ts";
import type { Wrong } from "../../session/check-options.ts";
import { columnsOf } from "../../session/host-io.ts";
import { type Call, colour } from "../../session/invocation.ts";
import { incomplete } from "./exit.ts";
import type { Output } from "./outputs.ts";

export interface Look {
  color: boolean;
  width: number;
}

/** How a text for standard output looks; one for a file is plain. */
const lookOf = ({ values, io }: Call, { path }: Output): Look =>
  path === null
    ? { color: colour(values, io, io.columns !== undefined), width: columnsOf(io) }
    : { color: false, width: 100 };

/** Writes each output to its place; the exit code `code`, unless a file could not be written. */
export function deliver(
  call: Call,
  outputs: Output[],
  code: number,
  render: (form: string, look: Look) => string,
): number {
  const problems = outputs.flatMap((output) => {
    const text = render(output.form, lookOf(call, output));
    if (output.path !== null) return writeText(output.path, text);
    call.io.stdout(text);
    return [];
  });
  if (problems.length === 0) return code;
  return refuse(call, { what: "cannot write", problems });
}

/** Nothing is checked. */
export function refuse(call: Call, { what, problems }: Wrong): number {
  tell(call, { problems, notices: [] }, what);
  return incomplete(call);
}

/** What went wrong and what is worth knowing, on standard error. */
export function tell(call: Call, told: Parameters<typeof renderProblems>[0], what?: string): void {
  const { io, values } = call;
  const look = { color: colour(values, io, io.stderrIsTerminal === true), width: columnsOf(io) };
  io.stderr(renderProblems(told, look, what));
}
