import { createHash } from "node:crypto";
import type { Finding } from "./report.ts";

/**
 * A name for each finding that stays when lines move: made of the file, the rule, the resource, the Sid and what is
 * written there. The lines of a resource as a whole, and the number of a statement, do not count: they change with
 * what is not wrong. Those that agree in all of it are counted. A finding and a suppressed one are named alike.
 */
export function fingerprints(findings: Finding[]): Map<Finding, string> {
  const seen = new Map<string, number>();
  const inOrder = [...findings].sort(
    (a, b) => a.location.line - b.location.line || a.location.column - b.location.column,
  );
  return new Map(
    inOrder.map((finding) => {
      const hash = createHash("sha256")
        .update(JSON.stringify(identity(finding)))
        .digest("hex")
        .slice(0, 32);
      const number = (seen.get(hash) ?? 0) + 1;
      seen.set(hash, number);
      return [finding, `${hash}:${number}`];
    }),
  );
}

const identity = ({ location, rule, verdict, resource, statement, excerpt }: Finding) => [
  location.file,
  rule,
  verdict,
  resource,
  statement === undefined || /^#\d+$/.test(statement) ? "" : statement,
  statement === undefined && (excerpt?.lines.length ?? 0) > 1 ? "" : normal(excerpt?.lines ?? []),
];

/** Without indentation, and without the commas that come and go with what follows. */
const normal = (lines: string[]): string =>
  lines
    .map((line) => line.trim().replace(/\s+/g, " ").replace(/,$/, ""))
    .filter((line) => line !== "")
    .join("\n");
