import type { OutputText } from "../../core/model/output.ts";
import { writeText } from "../../node/files.ts";
import { renderProblems } from "../../reporters/text.ts";
import type { SetupFailure } from "../../session/check-options.ts";
import type { Output } from "../../session/flags/output.ts";
import { columnsOf } from "../../session/host-io.ts";
import { type Invocation, useColor } from "../../session/invocation.ts";
import { incomplete } from "./exit.ts";

export interface TextStyle {
  color: boolean;
  /** Columns. */
  width: number;
}

/** Returns the style of standard output, or plain text for a file. */
const styleOf = ({ flags, io }: Invocation, { path }: Output): TextStyle =>
  path === null
    ? { color: useColor(flags, io, io.columns !== undefined), width: columnsOf(io) }
    : { color: false, width: 100 };

/**
 * Writes all outputs. Returns the exit code `code`, unless a file cannot be written. Throws an OutputError if standard
 * output cannot be written, after all files.
 */
export function writeOutputs(
  invocation: Invocation,
  outputs: Output[],
  code: number,
  render: (format: string, style: TextStyle) => OutputText,
): number {
  // Files come first: standard output may be a pipe that its reader has closed.
  const ordered = [...outputs].sort((a, b) => Number(a.path === null) - Number(b.path === null));
  const problems = ordered.flatMap((output) => {
    const text = render(output.format, styleOf(invocation, output));
    if (output.path !== null) return writeText(output.path, text);
    invocation.io.stdout(text);
    return [];
  });
  if (problems.length === 0) return code;
  return reportFailure(invocation, { summary: "cannot write", problems });
}

/** Prints why a command did not complete, and returns the exit code. */
export function reportFailure(invocation: Invocation, { summary, problems }: SetupFailure): number {
  printProblems(invocation, { problems, notices: [] }, summary);
  return incomplete(invocation);
}

/** Prints problems and notices to standard error. */
export function printProblems(
  { io, flags }: Invocation,
  report: Parameters<typeof renderProblems>[0],
  summary?: string,
): void {
  const style = { color: useColor(flags, io, io.stderrIsTerminal === true), width: columnsOf(io) };
  io.stderr(renderProblems(report, style, summary));
}
