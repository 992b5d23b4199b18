/** Reads a coverage report of `opa test` from standard input, and fails with a list of the lines that no test covers. */
import { readFileSync } from "node:fs";

interface Report {
  coverage: number;
  files: { [file: string]: { not_covered?: { start: { row: number }; end: { row: number } }[] } };
}

const report: Report = JSON.parse(readFileSync(0, "utf8"));
const gaps = Object.entries(report.files).flatMap(([file, { not_covered = [] }]) =>
  not_covered.map(({ start, end }) => `${file}:${start.row}${end.row === start.row ? "" : `-${end.row}`}`),
);
for (const gap of gaps) console.error(`${gap}: not covered by a test`);
console.log(`Rego coverage: ${report.coverage.toFixed(2)} %`);
if (gaps.length > 0) process.exitCode = 1;
