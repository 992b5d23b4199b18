import { createHash } from "node:crypto";
import type { Finding } from "./report.ts";

/**
 * Returns a fingerprint for each finding that remains the same when lines move: a hash of file, rule, verdict, resource,
 * Sid and excerpt, followed by a counter for equal hashes. Excerpts of whole resources and statement indexes are left
 * out, because unrelated edits change them. Suppression does not affect the fingerprint.
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
      const occurrence = (seen.get(hash) ?? 0) + 1;
      seen.set(hash, occurrence);
      return [finding, `${hash}:${occurrence}`];
    }),
  );
}

const identity = ({ location, rule, verdict, resource, statement, excerpt }: Finding) => [
  location.file,
  rule,
  verdict,
  resource,
  statement === undefined || /^#\d+$/.test(statement) ? "" : statement,
  statement === undefined && (excerpt?.lines.length ?? 0) > 1 ? "" : normalized(excerpt?.lines ?? []),
];

/** Returns the lines without indentation and without trailing commas, which depend on the following line. */
const normalized = (lines: string[]): string =>
  lines
    .map((line) => line.trim().replace(/\s+/g, " ").replace(/,$/, ""))
    .filter((line) => line !== "")
    .join("\n");
