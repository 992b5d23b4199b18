import { nearest } from "../model/nearest.ts";
import type { Notice, Suppressed } from "../model/report.ts";
import type { Location } from "../model/source.ts";
import { truncated } from "../model/truncated.ts";

/** The fields of a finding that decide whether a suppression matches it. */
export interface SuppressibleFinding {
  rule: string;
  resource: string;
  /** The file of the resource. The finding itself may be in another file. */
  file: string;
  location: Location;
  statement?: string | null;
}

/** A suppression as the user wrote it, active or not. */
export interface SuppressionEntry {
  rules: string[];
  reason?: string;
  until?: string;
  sid?: string;
  by: Suppressed["by"];
  location: Location;
  /** Why the entry cannot take effect, regardless of its content. */
  invalidReason?: string;
  matches(finding: SuppressibleFinding): boolean;
  /** The entry covers only files or resources outside the inputs, so it is not reported as unused. */
  outsideInputs?: boolean;
}

/** An active suppression of one rule. */
export interface Suppression extends Pick<SuppressionEntry, "location" | "outsideInputs"> {
  rule: string;
  suppressed: Suppressed;
  matches(finding: SuppressibleFinding): boolean;
}

/** Returns the active suppressions, and a notice about each entry that has no effect. `today`: YYYY-MM-DD. */
export function activeSuppressions(
  entries: SuppressionEntry[],
  rules: readonly string[],
  today: string,
): { suppressions: Suppression[]; notices: Notice[] } {
  const notices: Notice[] = [];
  const suppressions = entries.flatMap((entry): Suppression[] => {
    const addNotice = (message: string) => notices.push(noticeAt(entry.location, message));
    const known = entry.rules.flatMap((name): string[] => {
      const rule = name.replaceAll("-", "_").toLowerCase();
      if (rules.includes(rule)) return [rule];
      addNotice(
        `The suppression names an unknown rule, ${truncated(name)}. Did you mean ${nearest(name, rules)}? Run "keywarden rules" to list all rules.`,
      );
      return [];
    });
    const inactive = reasonInactive(entry, known, today);
    if (inactive !== undefined) addNotice(inactive);
    const { reason, until, sid, by, location, matches, outsideInputs } = entry;
    if (inactive !== undefined || reason === undefined) return [];
    const suppressed = { reason, by, ...(until === undefined ? {} : { expires: until }), location };
    return [...new Set(known)].map((rule) => ({
      rule,
      suppressed,
      location,
      ...(outsideInputs === undefined ? {} : { outsideInputs }),
      matches: (finding) =>
        finding.rule === rule && (sid === undefined || finding.statement === sid) && matches(finding),
    }));
  });
  return { suppressions, notices };
}

/** Returns why a suppression has no effect, or undefined if it is active. */
function reasonInactive(
  { rules, reason, until, invalidReason }: SuppressionEntry,
  known: string[],
  today: string,
): string | undefined {
  if (invalidReason !== undefined) return `The suppression has no effect: ${invalidReason}.`;
  if (rules.length === 0) return "The suppression has no effect: it names no rule.";
  if (reason === undefined)
    return `${subject(rules)} has no effect: add a reason after --, or in the field reason.`;
  if (until !== undefined && !isDate(until))
    return `${subject(rules)} has no effect: ${truncated(until)} is not a date such as 2027-01-31.`;
  if (known.length > 0 && until !== undefined && until < today)
    return `${subject(known)} expired on ${until} and has no effect.`;
  return undefined;
}

export const subject = (rules: string[]): string =>
  `The suppression of ${rules.map((rule) => truncated(rule)).join(", ")}`;

export const noticeAt = ({ file, line }: Location, message: string): Notice => ({ file, line, message });

function isDate(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
