/** Reads a coverage report of `opa test` from standard input; names the places that no test reaches, and fails. */
import { readFileSync } from "node:fs";

interface Report {
  coverage: number;
  files: { [file: string]: { not_covered?: { start: { row: number }; end: { row: number } }[] } };
}

const report: Report = JSON.parse(readFileSync(0, "utf8"));
const gaps = Object.entries(report.files).flatMap(([file, { not_covered = [] }]) =>
  not_covered.map(({ start, end }) => `${file}:${start.row}${end.row === start.row ? "" : `-${end.row}`}`),
);
for (const gap of gaps) console.error(`${gap}: no test reaches this`);
console.log(`coverage of the Rego: ${report.coverage.toFixed(2)} %`);
if (gaps.length > 0) process.exitCode = 1;
