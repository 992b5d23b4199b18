/** Prints the places that a coverage report of `opa test` says no test reaches: `tsx scripts/uncovered.ts REPORT`. */
import { readFileSync } from "node:fs";

interface Report {
  coverage: number;
  files: { [file: string]: { not_covered?: { start: { row: number }; end: { row: number } }[] } };
}

const report: Report = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
for (const [file, { not_covered = [] }] of Object.entries(report.files))
  for (const { start, end } of not_covered)
    console.error(`${file}:${start.row}${end.row === start.row ? "" : `-${end.row}`}: no test reaches this`);
console.error(`${report.coverage.toFixed(1)} % of the Rego is covered; 100 % is asked for`);
