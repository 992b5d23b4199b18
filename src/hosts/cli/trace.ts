import type { Finding, Report } from "../../core/model/report.ts";
import { count, visible } from "../../reporters/style.ts";

/** What `--trace` can tell: compiled rules leave no trace of single expressions, unlike conftest's. */
export function traceText({ files, findings, exceptions, rules }: Report): string {
  const lines = files.flatMap(({ file, resources, passed }) => [
    `${file}: ${count(resources, "resource")}; ${passed} of ${count(rules.length, "rule")} have nothing to say`,
    ...[...findings, ...exceptions].filter(({ location }) => location.file === file).map(traceOf),
  ]);
  return [
    "The rules are compiled: of expressions in Rego there is no trace. conftest shows them:",
    "keywarden normalize PATH… | conftest test --trace -p policies -",
    ...lines.map(visible),
  ]
    .map((line) => `TRAC   ${line}\n`)
    .join("");
}

const traceOf = ({ rule, verdict, level, resource, location, suppressed }: Finding): string =>
  `| ${suppressed === undefined ? verdict : "exception"} ${level} ${rule} ${resource} at line ${location.line} ${location.pointer}`;
