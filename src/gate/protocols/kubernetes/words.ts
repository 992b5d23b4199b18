import type { Finding } from "../../../core/model/report.ts";
import type { Problem } from "../../../core/model/source.ts";
import { cut } from "../../messages.ts";
import { fieldOf } from "./field.ts";
import type { Review } from "./review.ts";
import type { Verdict } from "./verdict.ts";

/** Characters of a message, which goes to a terminal. */
const MESSAGE = 3000;
/** Where there are more rules than that, the message does not name all. */
const NAMES = 800;
/** The API server cuts longer warnings, and drops those that come later: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response */
const WARNING = 256;
const WARNINGS = 4096;

type Objects = Pick<Review, "object" | "oldObject">;

/** Why a request is denied, for whoever reads it behind `kubectl apply`. */
export function denialOf(resource: string, { reasons, problems }: Verdict, objects: Objects): string {
  if (reasons.length === 0) return undecided(resource, problems);
  const rules = [...new Set(reasons.map(({ rule }) => rule))];
  const count = rules.length === 1 ? "a rule" : `${rules.length} rules`;
  const lines = [`${clean(resource)} breaks ${count} of Keywarden: ${cut(rules.join(", "), NAMES)}`];
  let length = lines[0]?.length ?? 0;
  const advised = new Set<string>();
  for (const [i, finding] of reasons.entries()) {
    const advice = adviceOf(finding);
    const said = advised.has(advice) ? factOf(finding, objects) : `${factOf(finding, objects)} ${advice}`;
    advised.add(advice);
    const line = cut(`- ${said}`, MESSAGE / 2);
    if (length + line.length > MESSAGE) {
      lines.push(`… and ${reasons.length - i} more`);
      break;
    }
    lines.push(line);
    length += line.length + 1;
  }
  return lines.join("\n");
}

/** One finding in full. */
export const detailOf = (finding: Finding, objects: Objects): string =>
  `${factOf(finding, objects)} ${adviceOf(finding)}`;

function factOf(finding: Finding, objects: Objects): string {
  const place = placeOf(finding, objects);
  return `${finding.rule}${place === "" ? "" : ` at ${place}`}: ${clean(finding.message)}`;
}

/** What can be pasted follows on lines of its own, and on the page: a terminal has no room for it. */
const adviceOf = ({ remediation, url }: Finding): string =>
  `${clean(remediation.replace(/\n.*/s, ""))} ${url}`;

function placeOf({ location, statement }: Finding, objects: Objects): string {
  const field = fieldOf(location.pointer, objects).text;
  if (statement === undefined) return clean(field);
  const called = /^#\d+$/.test(statement) ? statement : JSON.stringify(statement);
  return clean([field, `statement ${called}`].filter(Boolean).join(", "));
}

export const undecided = (resource: string, problems: Pick<Problem, "message" | "remedy">[]): string =>
  cut(
    clean(
      `${resource} could not be judged, and what cannot be judged is denied: ${problems.map(({ message, remedy }) => `${message} ${remedy}`).join(" ")}`,
    ),
    MESSAGE,
  );

/** What is said beside the verdict, within what the API server hands on. */
export function warningsOf({ allowed, problems, known, remarks }: Verdict): string[] {
  const all = [
    ...(allowed ? problems.map(unchecked) : []),
    ...known.map((finding) => `${finding.rule} stays as it was: ${finding.message}`),
    ...[...remarks].sort((a, b) => rank(a) - rank(b)).map(remarkOf),
  ].map((text) => cut(clean(text), WARNING));
  const told: string[] = [];
  let bytes = 0;
  for (const text of all) {
    bytes += Buffer.byteLength(text);
    // Room for the last one.
    if (bytes > WARNINGS - 40) return [...told, `… and ${all.length - told.length} more`];
    told.push(text);
  }
  return told;
}

/** Says aloud that nobody looked. */
export const unchecked = ({ message }: Pick<Problem, "message">): string =>
  `NOT CHECKED by Keywarden and let through (fail mode open): ${message}`;

const remarkOf = ({ rule, verdict, message }: Finding): string =>
  verdict === "unknown" ? `${rule} could not be decided: ${message}` : `${rule}: ${message}`;

const rank = ({ level, verdict }: Finding): number =>
  (verdict === "fail" ? 0 : 3) + ["error", "warning", "note"].indexOf(level);

/** On one line, without what a terminal or a header would take for a command. */
export const clean = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, " ")
    .replace(/\p{Cs}/gu, "\ufffd")
    .trim();
