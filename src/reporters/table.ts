import type { Report } from "../core/model/report.ts";
import { checks, exceptionMessage } from "./checks.ts";
import type { ReportOptions } from "./reporter.ts";
import { oneLine } from "./style.ts";

/** conftest's `-o table`. Nothing at all where there is nothing to tell. */
export function table(report: Report, { namespace }: ReportOptions): string {
  const rows = checks(report).flatMap(({ file, successes, skipped, warnings, failures, exceptions }) => {
    const results = (word: string, messages: string[]) =>
      messages.map((message) => [word, file, namespace, message].map(oneLine));
    const messages = (findings: { message: string }[]) => findings.map(({ message }) => message);
    return [
      ...results("success", Array(successes).fill("SUCCESS")),
      ...results("exception", exceptions.map(exceptionMessage)),
      ...results("warning", messages(warnings)),
      ...results("skipped", messages(skipped)),
      ...results("failure", messages(failures)),
    ];
  });
  if (rows.length === 0) return "";
  const header = ["RESULT", "FILE", "NAMESPACE", "MESSAGE"];
  const widths = header.map((name, i) =>
    rows.reduce((most, row) => Math.max(most, cells(row[i])), name.length),
  );
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
  const line = (texts: string[]) => `│ ${texts.join(" │ ")} │`;
  const centred = header.map((name, i) => {
    const room = (widths[i] as number) - name.length;
    return " ".repeat(Math.floor(room / 2)) + name + " ".repeat(Math.ceil(room / 2));
  });
  const padded = rows.map((row) =>
    row.map((cell, i) => cell + " ".repeat((widths[i] as number) - cells(cell))),
  );
  return `${[
    rule("┌", "┬", "┐"),
    line(centred),
    rule("├", "┼", "┤"),
    ...padded.map(line),
    rule("└", "┴", "┘"),
  ].join("\n")}\n`;
}

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;

/** The columns that a text takes on a terminal. */
const cells = (text = ""): number =>
  /^[\u0020-\u007E]*$/.test(text)
    ? text.length
    : [...text].reduce((sum, c) => sum + (/\p{M}/u.test(c) ? 0 : WIDE.test(c) ? 2 : 1), 0);
