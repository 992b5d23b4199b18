import { createHash } from "node:crypto";
import { isMap } from "../model/json.ts";
import type { Finding, Notice, Report, Suppressed } from "../model/report.ts";
import type { Json, Problem, Source } from "../model/source.ts";
import { parseJson } from "../parse/json.ts";
import { isProblem, sourceProblem } from "../parse/problem.ts";
import { relativeToDirectoryOf } from "./paths.ts";

/** Findings that differ only in their position. */
interface BaselineEntry {
  rule: string;
  file: string;
  resource: string;
  /** The Sid. Absent for statements without one, because an index changes when statements are added. */
  statement?: string;
  /** Hash of the verdict and message, without positions. */
  fingerprint: string;
  /** Hashes of the excerpts, one for each finding. */
  excerpts: string[];
}

const formatVersion = 1;

/**
 * Returns the findings of a report as the text of a baseline file at `path`. Paths in it are relative to the directory of
 * `path`. Findings that the current baseline suppresses are kept. The entries are sorted, so that diffs stay small.
 */
export function baselineOf(
  { findings, exceptions }: Pick<Report, "findings" | "exceptions">,
  path = "",
): string {
  const known = exceptions.filter(({ suppressed }) => suppressed?.by === "baseline");
  const entries = new Map<string, BaselineEntry>();
  for (const finding of [...findings, ...known]) {
    const entry = entryOf(finding, path);
    const same = entries.get(keyOf(entry));
    if (same === undefined) entries.set(keyOf(entry), entry);
    else same.excerpts.push(...entry.excerpts);
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  for (const { excerpts } of sorted) excerpts.sort();
  return `${JSON.stringify({ version: formatVersion, findings: sorted }, null, 2)}\n`;
}

/**
 * Separates findings that are in the baseline (`exceptions`) from new ones. Adds a notice for each baseline entry that
 * no longer occurs in a checked file.
 */
export function applyBaseline(
  findings: Finding[],
  baseline: Source,
  checked: Iterable<string>,
): { findings: Finding[]; exceptions: Finding[]; notices: Notice[] } | Problem {
  const entries = entriesIn(baseline);
  if (isProblem(entries)) return entries;
  const remaining = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const known = new Set<Finding>();
  const consume = (isSame: (known: string, current: string) => boolean) => {
    for (const finding of findings) {
      if (known.has(finding)) continue;
      const entry = entryOf(finding, baseline.path);
      const excerpts = remaining.get(keyOf(entry))?.excerpts ?? [];
      const index = excerpts.findIndex((hash) => isSame(hash, entry.excerpts[0] as string));
      if (index < 0) continue;
      excerpts.splice(index, 1);
      known.add(finding);
    }
  };
  // Match identical excerpts first. Otherwise a new finding could be mistaken for a known one.
  consume((known, current) => known === current);
  consume(() => true);
  const suppressed: Suppressed = { reason: "in the baseline", by: "baseline" };
  const files = new Set([...checked].map((file) => relativeToDirectoryOf(baseline.path, file)));
  const resolved = entries.filter(({ excerpts, file }) => excerpts.length > 0 && files.has(file));
  return {
    findings: findings.filter((finding) => !known.has(finding)),
    exceptions: findings
      .filter((finding) => known.has(finding))
      .map((finding) => ({ ...finding, suppressed })),
    notices: resolved.map((entry) => ({ file: baseline.path, message: resolvedMessage(entry) })),
  };
}

const resolvedMessage = ({ rule, file, resource, excerpts }: BaselineEntry): string => {
  const times = excerpts.length === 1 ? "" : ` (${excerpts.length} times)`;
  return `The baseline contains ${rule} for ${resource} in ${file}${times}, which no longer occurs: run keywarden baseline to update it.`;
};

function entryOf(
  { rule, location, resource, statement, verdict, message, excerpt }: Finding,
  path: string,
): BaselineEntry {
  const sid = statement === undefined || statement.startsWith("#") ? {} : { statement };
  return {
    rule,
    file: relativeToDirectoryOf(path, location.file),
    resource,
    ...sid,
    fingerprint: hashOf(`${verdict} ${withoutPositions(message)}`),
    excerpts: [hashOf(excerpt?.lines.join("\n") ?? "")],
  };
}

const keyOf = ({ rule, file, resource, statement, fingerprint }: BaselineEntry): string =>
  JSON.stringify([file, resource, rule, statement ?? "", fingerprint]);

/** Removes statement indexes, lines and columns, which change when other parts of the file change. */
const withoutPositions = (message: string): string =>
  message.replace(/\b(statements?|lines?|columns?) #?\d+/gi, "$1").replace(/#\d+\b/g, "#");

const hashOf = (text: string): string =>
  createHash("sha256").update(text.replace(/\s+/g, " ").trim()).digest("hex").slice(0, 16);

function entriesIn(source: Source): BaselineEntry[] | Problem {
  const parsed = parseJson(source);
  if (isProblem(parsed)) return parsed;
  const { value } = parsed;
  const remedy = "Run keywarden baseline to write it again.";
  const invalid = (message: string) => sourceProblem(parsed, "", message, remedy);
  if (!isMap(value) || !Array.isArray(value.findings)) return invalid("The file is not a baseline.");
  if (value.version !== formatVersion) return invalid("The baseline has an unknown version.");
  const incomplete = value.findings.findIndex((entry) => !isEntry(entry));
  if (incomplete >= 0)
    return sourceProblem(parsed, `/findings/${incomplete}`, "The baseline entry is incomplete.", remedy);
  return (value.findings as unknown as BaselineEntry[]).map((entry) => ({
    ...entry,
    excerpts: [...entry.excerpts],
  }));
}

const isEntry = (value: Json): boolean =>
  isMap(value) &&
  [value.rule, value.file, value.resource, value.fingerprint].every((text) => typeof text === "string") &&
  Array.isArray(value.excerpts) &&
  value.excerpts.every((hash) => typeof hash === "string");
