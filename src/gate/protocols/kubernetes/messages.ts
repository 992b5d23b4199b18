import { plainLine } from "../../../core/model/escape.ts";
import type { Finding } from "../../../core/model/report.ts";
import type { Problem } from "../../../core/model/source.ts";
import { unseenMessage } from "../../../reporters/unseen.ts";
import { truncateText } from "../../messages.ts";
import type { ReviewDecision } from "./decision.ts";
import { objectField } from "./field.ts";
import type { AdmissionReviewRequest } from "./review.ts";

/** Maximum characters of a denial, which kubectl prints to a terminal. */
const MAX_MESSAGE_CHARACTERS = 3000;
/** Maximum characters of the list of rules in a denial. */
const MAX_RULE_LIST_CHARACTERS = 800;
/** The API server truncates longer warnings: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response */
const MAX_WARNING_CHARACTERS = 256;
/** The API server drops warnings beyond this total. */
const MAX_WARNINGS_BYTES = 4096;
/** Bytes to reserve for the line that states the number of omitted warnings. */
const OMITTED_WARNINGS_BYTES = 40;

type ReviewedObjects = Pick<AdmissionReviewRequest, "object" | "oldObject">;

/** Returns the message of a denied request, as `kubectl apply` prints it. */
export function denialMessage(
  resource: string,
  { denyingFindings, openQuestions }: ReviewDecision,
  objects: ReviewedObjects,
): string {
  if (denyingFindings.length === 0) return undecidedReviewMessage(resource, openQuestions);
  const rules = [...new Set(denyingFindings.map(({ rule }) => rule))];
  const count = rules.length === 1 ? "a Keywarden rule" : `${rules.length} Keywarden rules`;
  const lines = [
    `${plainLine(resource)} violates ${count}: ${truncateText(rules.join(", "), MAX_RULE_LIST_CHARACTERS)}`,
  ];
  let length = lines[0]?.length ?? 0;
  const shownRemediations = new Set<string>();
  for (const [i, finding] of denyingFindings.entries()) {
    const remediation = remediationOf(finding);
    const description = shownRemediations.has(remediation)
      ? descriptionOf(finding, objects)
      : `${descriptionOf(finding, objects)} ${remediation}`;
    shownRemediations.add(remediation);
    const line = truncateText(`- ${description}`, MAX_MESSAGE_CHARACTERS / 2);
    if (length + line.length > MAX_MESSAGE_CHARACTERS) {
      lines.push(`… and ${denyingFindings.length - i} more`);
      break;
    }
    lines.push(line);
    length += line.length + 1;
  }
  return lines.join("\n");
}

/** Returns a finding with its field and remediation. */
export const findingMessage = (finding: Finding, objects: ReviewedObjects): string =>
  `${descriptionOf(finding, objects)} ${remediationOf(finding)}`;

function descriptionOf(finding: Finding, objects: ReviewedObjects): string {
  const field = fieldOf(finding, objects);
  return `${finding.rule}${field === "" ? "" : ` at ${field}`}: ${plainLine(finding.message)}`;
}

/** Returns the first line of the remediation. The following lines are a snippet, which the rule's page shows too. */
const remediationOf = ({ remediation, url }: Finding): string =>
  `${plainLine(remediation.replace(/\n.*/s, ""))} ${url}`;

function fieldOf({ location, statement }: Finding, objects: ReviewedObjects): string {
  const field = objectField(location.pointer, objects).text;
  if (statement === undefined) return plainLine(field);
  const name = /^#\d+$/.test(statement) ? statement : JSON.stringify(statement);
  return plainLine([field, `statement ${name}`].filter(Boolean).join(", "));
}

export const undecidedReviewMessage = (
  resource: string,
  problems: Pick<Problem, "message" | "remedy">[],
): string =>
  truncateText(
    plainLine(
      `Keywarden could not check ${resource} and denies the request: ${problems.map(({ message, remedy }) => `${message} ${remedy}`).join(" ")}`,
    ),
    MAX_MESSAGE_CHARACTERS,
  );

/** Returns the warnings of a response, within the limits of the API server. */
export function reviewWarnings({
  allowed,
  outcome,
  openQuestions,
  unseen,
  ineffectiveSuppressions,
  preexistingFindings,
  otherFindings,
}: ReviewDecision): string[] {
  const all = [
    ...(allowed ? openQuestions.map(notCheckedWarning) : []),
    // An undecided review already names the parts.
    ...(outcome === "undecided" ? [] : unseen.map(unseenMessage)),
    ...ineffectiveSuppressions,
    ...preexistingFindings.map(
      (finding) => `${finding.rule} (not changed by this update): ${finding.message}`,
    ),
    ...[...otherFindings].sort((a, b) => rank(a) - rank(b)).map(warningOf),
  ].map((text) => truncateText(plainLine(text), MAX_WARNING_CHARACTERS));
  const warnings: string[] = [];
  let bytes = 0;
  for (const text of all) {
    bytes += Buffer.byteLength(text);
    if (bytes > MAX_WARNINGS_BYTES - OMITTED_WARNINGS_BYTES)
      return [...warnings, `… and ${all.length - warnings.length} more`];
    warnings.push(text);
  }
  return warnings;
}

/** Returns the warning of a request that is allowed in fail mode `open`. It must not look like a pass. */
export const notCheckedWarning = ({ message }: Pick<Problem, "message">): string =>
  `NOT CHECKED by Keywarden, but allowed (fail mode open): ${message}`;

const warningOf = ({ rule, verdict, message }: Finding): string =>
  verdict === "unknown" ? `${rule} (verdict unknown): ${message}` : `${rule}: ${message}`;

/** Failures come before unknown verdicts, errors before warnings and notes. */
const rank = ({ level, verdict }: Finding): number =>
  (verdict === "fail" ? 0 : 3) + ["error", "warning", "note"].indexOf(level);
