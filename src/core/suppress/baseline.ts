import { createHash } from "node:crypto";
import { isMap } from "../model/json.ts";
import type { Finding, Notice, Report, Suppressed } from "../model/report.ts";
import type { Json, Problem, Source } from "../model/source.ts";
import { parseJson } from "../parse/json.ts";
import { isProblem, problem } from "../parse/problem.ts";
import { relativeToDirectoryOf } from "./paths.ts";

/**
 * Findings that are alike but for their places. `fingerprint` stands for what is said, not where; `places` for what is
 * written there, one for each finding.
 */
interface Entry {
  rule: string;
  file: string;
  resource: string;
  /** Its Sid: a position would move. */
  statement?: string;
  fingerprint: string;
  places: string[];
}

const version = 1;

/**
 * What a report finds, as a baseline that stands at `path`, from where its files' paths start; what an earlier baseline
 * held stays in it. Sorted, so that two runs differ in what differs.
 */
export function baselineOf(
  { findings, exceptions }: Pick<Report, "findings" | "exceptions">,
  path = "",
): string {
  const known = exceptions.filter(({ suppressed }) => suppressed?.by === "baseline");
  const entries = new Map<string, Entry>();
  for (const finding of [...findings, ...known]) {
    const entry = entryOf(finding, path);
    const same = entries.get(keyOf(entry));
    if (same === undefined) entries.set(keyOf(entry), entry);
    else same.places.push(...entry.places);
  }
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  for (const { places } of sorted) places.sort();
  return `${JSON.stringify({ version, findings: sorted }, null, 2)}\n`;
}

/**
 * The findings that a baseline does not hold, and those that it holds; with remarks on what it holds that is not found
 * any more in the files that were checked.
 */
export function applyBaseline(
  findings: Finding[],
  baseline: Source,
  checked: Iterable<string>,
): { findings: Finding[]; exceptions: Finding[]; notices: Notice[] } | Problem {
  const entries = entriesIn(baseline);
  if (isProblem(entries)) return entries;
  const open = new Map(entries.map((entry) => [keyOf(entry), entry]));
  const known = new Set<Finding>();
  const take = (isSame: (place: string, other: string) => boolean) => {
    for (const finding of findings) {
      if (known.has(finding)) continue;
      const entry = entryOf(finding, baseline.path);
      const places = open.get(keyOf(entry))?.places ?? [];
      const index = places.findIndex((place) => isSame(place, entry.places[0] as string));
      if (index < 0) continue;
      places.splice(index, 1);
      known.add(finding);
    }
  };
  // Of findings that are alike, first those whose text is the same: else a new one may be taken for an old one.
  take((place, other) => place === other);
  take(() => true);
  const suppressed: Suppressed = { reason: "in the baseline", by: "baseline" };
  const files = new Set([...checked].map((file) => relativeToDirectoryOf(baseline.path, file)));
  const gone = entries.filter(({ places, file }) => places.length > 0 && files.has(file));
  return {
    findings: findings.filter((finding) => !known.has(finding)),
    exceptions: findings
      .filter((finding) => known.has(finding))
      .map((finding) => ({ ...finding, suppressed })),
    notices: gone.map((entry) => ({ file: baseline.path, message: goneMessage(entry) })),
  };
}

const goneMessage = ({ rule, file, resource, places }: Entry): string => {
  const times = places.length === 1 ? "" : ` (${places.length} times)`;
  return `${rule} of ${resource} in ${file}${times} is not found any more: write the baseline anew.`;
};

function entryOf(
  { rule, location, resource, statement, verdict, message, excerpt }: Finding,
  path: string,
): Entry {
  const sid = statement === undefined || statement.startsWith("#") ? {} : { statement };
  return {
    rule,
    file: relativeToDirectoryOf(path, location.file),
    resource,
    ...sid,
    fingerprint: hashOf(`${verdict} ${withoutPositions(message)}`),
    places: [hashOf(excerpt?.lines.join("\n") ?? "")],
  };
}

const keyOf = ({ rule, file, resource, statement, fingerprint }: Entry): string =>
  JSON.stringify([file, resource, rule, statement ?? "", fingerprint]);

/** Statements without Sid, columns and lines are counted. */
const withoutPositions = (message: string): string =>
  message.replace(/\b(statements?|lines?|columns?) #?\d+/gi, "$1").replace(/#\d+\b/g, "#");

const hashOf = (text: string): string =>
  createHash("sha256").update(text.replace(/\s+/g, " ").trim()).digest("hex").slice(0, 16);

function entriesIn(source: Source): Entry[] | Problem {
  const parsed = parseJson(source);
  if (isProblem(parsed)) return parsed;
  const { value } = parsed;
  const remedy = "Write it anew with keywarden baseline.";
  const wrong = (message: string) => problem(parsed, "", message, remedy);
  if (!isMap(value) || !Array.isArray(value.findings)) return wrong("The file is no baseline.");
  if (value.version !== version) return wrong("The baseline is of a version that is not known.");
  const bad = value.findings.findIndex((entry) => !isEntry(entry));
  if (bad >= 0)
    return problem(parsed, `/findings/${bad}`, "The entry of the baseline is not complete.", remedy);
  return (value.findings as unknown as Entry[]).map((entry) => ({ ...entry, places: [...entry.places] }));
}

const isEntry = (value: Json): boolean =>
  isMap(value) &&
  [value.rule, value.file, value.resource, value.fingerprint].every((text) => typeof text === "string") &&
  Array.isArray(value.places) &&
  value.places.every((place) => typeof place === "string");
