import { createHash } from "node:crypto";
import type { Finding } from "./report.ts";
import type { UnseenPart } from "./source.ts";

/**
 * Returns a fingerprint for each finding that remains the same when lines move: a hash of file, rule, verdict, resource,
 * Sid and excerpt, followed by a counter for equal hashes. Excerpts of whole resources and statement indexes are left
 * out, because unrelated edits change them. Suppression does not affect the fingerprint.
 */
export function fingerprints(findings: Finding[]): Map<Finding, string> {
  const inOrder = [...findings].sort(
    (a, b) => a.location.line - b.location.line || a.location.column - b.location.column,
  );
  return numberedHashes(inOrder, identity);
}

/** Returns a fingerprint for each part that remains the same when lines move. */
export const unseenFingerprints = (parts: UnseenPart[]): Map<UnseenPart, string> =>
  numberedHashes(parts, ({ file, kind, subject, resource = "" }) => [file, kind, subject, resource]);

function numberedHashes<T>(items: T[], identityOf: (item: T) => string[]): Map<T, string> {
  const seen = new Map<string, number>();
  return new Map(
    items.map((item) => {
      const hash = createHash("sha256")
        .update(JSON.stringify(identityOf(item)))
        .digest("hex")
        .slice(0, 32);
      const occurrence = (seen.get(hash) ?? 0) + 1;
      seen.set(hash, occurrence);
      return [item, `${hash}:${occurrence}`];
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
