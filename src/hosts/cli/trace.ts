import { oneLine } from "../../core/model/escape.ts";
import type { OutputText } from "../../core/model/output.ts";
import type { Finding, Report } from "../../core/model/report.ts";
import { encodeText } from "../../reporters/encode.ts";
import { count } from "../../reporters/style.ts";

/** Returns the text of `--trace`. Unlike conftest's, it does not show single expressions: the rules are compiled. */
export function traceText({ files, findings, exceptions, rules }: Report): OutputText {
  const lines = files.flatMap(({ file, resources, passed }) => [
    `${file}: ${count(resources, "resource")}; ${passed} of ${count(rules.length, "rule")} report nothing`,
    ...[...findings, ...exceptions].filter(({ location }) => location.file === file).map(traceLine),
  ]);
  const all = [
    "The rules are compiled, so single Rego expressions cannot be traced. conftest can:",
    "keywarden normalize PATH… | conftest test --trace -p policies -",
    ...lines.map(oneLine),
  ];
  return encodeText(all.map((line) => `TRAC   ${line}\n`).join(""));
}

const traceLine = ({ rule, verdict, level, resource, location, suppressed }: Finding): string =>
  `| ${suppressed === undefined ? verdict : "exception"} ${level} ${rule} ${resource} at line ${location.line} ${location.pointer}`;
