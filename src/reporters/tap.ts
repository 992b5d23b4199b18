import { plainLine } from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import { exceptionMessage, fileResults, testCount } from "./checks.ts";
import { encodeText } from "./encode.ts";
import type { ReportOptions } from "./reporter.ts";
import { resultPrefix } from "./stdout.ts";
import { unseenMessage } from "./unseen.ts";

/** Renders conftest's `-o tap` format, version 12 of the Test Anything Protocol. Empty if there are no tests. */
export function renderTap(report: Report, { namespace }: ReportOptions): OutputText {
  const all = fileResults(report);
  const tests = all.reduce((sum, check) => sum + testCount(check), 0);
  if (tests === 0) return encodeText("");
  const lines = [`1..${tests}`];
  let number = 0;
  for (const { file, successes, skipped, unseen, warnings, failures, exceptions } of all) {
    const section = (header: string | undefined, status: string, messages: string[], directive = "") => {
      if (header !== undefined && messages.length > 0) lines.push(`# ${header}`);
      for (const message of messages) {
        number += 1;
        lines.push(`${status} ${number} ${description(file, namespace, message)}${directive}`);
      }
    };
    section(undefined, "not ok", failures.map(messageOf));
    section("warnings", "not ok", warnings.map(messageOf));
    section("exceptions", "ok", exceptions.map(exceptionMessage));
    section("skip", "ok", skipped.map(messageOf));
    section("not checked", "ok", unseen.map(unseenMessage), " # SKIP");
    section("successes", "ok", Array(successes).fill("SUCCESS"));
  }
  return encodeText(`${lines.join("\n")}\n`);
}

const messageOf = ({ message }: Finding): string => message;

/** Escapes directives: a name or message must not turn a failure into a skipped test. */
const description = (file: string, namespace: string, message: string): string =>
  `${resultPrefix(file, namespace)} ${plainLine(message)}`.replace(/#(?=\s*(skip|todo))/gi, "\\#");
