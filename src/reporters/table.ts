import { plainLine } from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Report } from "../core/model/report.ts";
import { exceptionMessage, fileResults } from "./checks.ts";
import { encodeText } from "./encode.ts";
import type { ReportOptions } from "./reporter.ts";
import { unseenMessage } from "./unseen.ts";

/** Renders conftest's `-o table` format. Empty if there are no results. */
export function renderTable(report: Report, { namespace }: ReportOptions): OutputText {
  const rows = fileResults(report).flatMap((check) => {
    const { file, successes, skipped, unseen, warnings, failures, exceptions } = check;
    const results = (label: string, messages: string[]) =>
      messages.map((message) => [label, file, namespace, message].map(plainLine));
    const messages = (findings: { message: string }[]) => findings.map(({ message }) => message);
    return [
      ...results("success", Array(successes).fill("SUCCESS")),
      ...results("exception", exceptions.map(exceptionMessage)),
      ...results("warning", messages(warnings)),
      ...results("skipped", [...messages(skipped), ...unseen.map(unseenMessage)]),
      ...results("failure", messages(failures)),
    ];
  });
  if (rows.length === 0) return encodeText("");
  const header = ["RESULT", "FILE", "NAMESPACE", "MESSAGE"];
  const widths = header.map((name, i) =>
    rows.reduce((widest, row) => Math.max(widest, cells(row[i])), name.length),
  );
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
  const line = (texts: string[]) => `│ ${texts.join(" │ ")} │`;
  const centered = header.map((name, i) => {
    const padding = (widths[i] as number) - name.length;
    return " ".repeat(Math.floor(padding / 2)) + name + " ".repeat(Math.ceil(padding / 2));
  });
  const padded = rows.map((row) =>
    row.map((cell, i) => cell + " ".repeat((widths[i] as number) - cells(cell))),
  );
  const lines = [
    rule("┌", "┬", "┐"),
    line(centered),
    rule("├", "┼", "┤"),
    ...padded.map(line),
    rule("└", "┴", "┘"),
  ];
  return encodeText(`${lines.join("\n")}\n`);
}

const WIDE =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u;

/** Returns the number of terminal columns of a text. */
const cells = (text = ""): number =>
  /^[\u0020-\u007E]*$/.test(text)
    ? text.length
    : [...text].reduce((sum, c) => sum + (/\p{M}/u.test(c) ? 0 : WIDE.test(c) ? 2 : 1), 0);
