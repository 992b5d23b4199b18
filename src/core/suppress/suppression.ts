import { nearest } from "../model/nearest.ts";
import type { Notice, Suppressed } from "../model/report.ts";
import type { Location } from "../model/source.ts";

/** What of a finding decides whether it is suppressed. `file`: where its resource stands, maybe not the finding itself. */
export interface Judged {
  rule: string;
  resource: string;
  file: string;
  location: Location;
  statement?: string | null;
}

/** A suppression as somebody wrote it, whether it counts or not. */
export interface Written {
  rules: string[];
  reason?: string;
  until?: string;
  sid?: string;
  by: Suppressed["by"];
  location: Location;
  /** Why it cannot count, whatever it says. */
  wrong?: string;
  covers(finding: Judged): boolean;
  /** What it was written for is not among the inputs: that it suppresses nothing says nothing. */
  elsewhere?: boolean;
}

/** One that counts, of one rule. */
export interface Suppression extends Pick<Written, "location" | "elsewhere"> {
  rule: string;
  suppressed: Suppressed;
  covers(finding: Judged): boolean;
}

/** The suppressions that count, and what is wrong with the others. `today`: YYYY-MM-DD. */
export function counting(
  all: Written[],
  rules: readonly string[],
  today: string,
): { suppressions: Suppression[]; notices: Notice[] } {
  const notices: Notice[] = [];
  const suppressions = all.flatMap((written): Suppression[] => {
    const remark = (message: string) => notices.push(noticeAt(written.location, message));
    const known = written.rules.flatMap((name): string[] => {
      const rule = name.replaceAll("-", "_").toLowerCase();
      if (rules.includes(rule)) return [rule];
      remark(
        `There is no rule ${shown(name)} to suppress: did you mean ${nearest(name, rules)}? keywarden rules lists them.`,
      );
      return [];
    });
    const flaw = flawOf(written, known, today);
    if (flaw !== undefined) remark(flaw);
    const { reason, until, sid, by, location, covers, elsewhere } = written;
    if (flaw !== undefined || reason === undefined) return [];
    const suppressed = { reason, by, ...(until === undefined ? {} : { expires: until }), location };
    return [...new Set(known)].map((rule) => ({
      rule,
      suppressed,
      location,
      ...(elsewhere === undefined ? {} : { elsewhere }),
      covers: (finding) =>
        finding.rule === rule && (sid === undefined || finding.statement === sid) && covers(finding),
    }));
  });
  return { suppressions, notices };
}

/** Why a suppression does not count. */
function flawOf(
  { rules, reason, until, wrong }: Written,
  known: string[],
  today: string,
): string | undefined {
  if (wrong !== undefined) return `The suppression does not count: ${wrong}.`;
  if (rules.length === 0) return "The suppression names no rule and does not count.";
  if (reason === undefined) return `${subject(rules)} has no reason and does not count: say why after --.`;
  if (until !== undefined && !isDate(until))
    return `${subject(rules)} does not count: ${shown(until)} is no date such as 2027-01-31.`;
  if (known.length > 0 && until !== undefined && until < today)
    return `${subject(known)} ended on ${until} and does not count any more.`;
  return undefined;
}

export const subject = (rules: string[]): string => `The suppression of ${rules.map(shown).join(", ")}`;

/** A word that somebody wrote, in a message. */
export const shown = (word: string): string => (word.length > 60 ? `${word.slice(0, 60)}…` : word);

export const noticeAt = ({ file, line }: Location, message: string): Notice => ({ file, line, message });

function isDate(text: string): boolean {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
