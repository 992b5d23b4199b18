import { escapeSequence, oneLine } from "../core/model/escape.ts";
import type { OutputText } from "../core/model/output.ts";
import type { Finding, Report } from "../core/model/report.ts";
import { fileResults, skippedCount } from "./checks.ts";
import { encodeMarkup } from "./encode.ts";
import { markupText } from "./escape.ts";
import type { ReportOptions } from "./reporter.ts";
import { unseenMessage } from "./unseen.ts";

/**
 * Renders conftest's `-o junit` format. The type of a failure is its rule, and each test has a location. Suppressed
 * findings are not tests.
 */
export function renderJunit(
  report: Report,
  { namespace, version, junitHideMessage }: ReportOptions,
): OutputText {
  const suite = `conftest.${namespace}`;
  const name = (file: string, message: string) =>
    oneLine(junitHideMessage === true ? file : `${file} - ${message.split("\n")[0]}`);
  const all = fileResults(report);
  const cases = all.flatMap(({ file, successes, skipped, unseen, warnings, failures }) => {
    const open = (title: string, line?: number) =>
      element("testcase", {
        classname: suite,
        name: title,
        time: "0.000",
        ...(line === undefined ? {} : { file, line }),
      });
    const failed = (f: Finding) => [
      open(name(file, f.message), f.location.line),
      `\t${element("failure", { message: "Failed", type: f.rule })}${xml(f.message)}</failure>`,
      "</testcase>",
    ];
    const skip = (message: string, line?: number) => [
      open(name(file, message), line),
      `\t${element("skipped", { message })}</skipped>`,
      "</testcase>",
    ];
    return [
      ...warnings.flatMap(failed),
      ...failures.flatMap(failed),
      ...skipped.flatMap((f) => skip(f.message, f.location.line)),
      ...unseen.flatMap((part) => skip(unseenMessage(part), part.line)),
      ...Array(successes).fill(`${open(file)}</testcase>`),
    ];
  });
  const sum = (numberOf: (check: (typeof all)[number]) => number) =>
    all.reduce((n, check) => n + numberOf(check), 0);
  const failures = sum((check) => check.warnings.length + check.failures.length);
  const skipped = sum(skippedCount);
  const tests = failures + skipped + sum((check) => check.successes);
  const properties = [
    "<properties>",
    `\t${element("property", { name: "keywarden.version", value: version })}</property>`,
    "</properties>",
  ];
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    ...(tests === 0
      ? []
      : [
          `\t${element("testsuite", { tests, failures, skipped, time: "0.000", name: suite })}`,
          ...[...properties, ...cases].map((line) => `\t\t${line}`),
          "\t</testsuite>",
        ]),
    "</testsuites>",
  ];
  return encodeMarkup(`${lines.join("\n")}\n`);
}

const element = (name: string, attributes: { [name: string]: string | number }): string =>
  `<${[name, ...Object.entries(attributes).map(([key, value]) => `${key}="${attribute(String(value))}"`)].join(" ")}>`;

/** Escapes text for XML, which cannot represent two more characters. */
const xml = (text: string): string => markupText(text).replace(/[\uFFFE\uFFFF]/g, escapeSequence);

const attribute = (text: string): string => xml(text).replaceAll("\n", "&#xA;").replaceAll("\t", "&#x9;");
