import type { FailOnUnknown, Finding, Report, RuleInfo } from "./report.ts";
import type { Problem } from "./source.ts";

/** A reason why a report does not tell whether the inputs pass. */
export interface OpenQuestion extends Problem {
  /** The rule whose verdict is unknown. */
  rule?: string;
}

/**
 * Returns the reasons why a report does not tell whether the inputs pass: unreadable inputs and, if `failOnUnknown` asks
 * for them, unknown verdicts and parts that were not checked.
 */
export function openQuestions({ problems, findings, unseen, failOnUnknown = false }: Report): OpenQuestion[] {
  if (failOnUnknown === false) return problems;
  return [
    ...problems,
    ...findings
      .filter((finding) => mustBeKnown(finding, failOnUnknown))
      .map(({ location, resource, message, rule }) => ({
        file: location.file,
        line: location.line,
        column: location.column,
        message: `${resource}: ${message}`,
        remedy: `The verdict of ${rule} is unknown.`,
        rule,
      })),
    ...unseen.map(({ file, line, column, message, remedy }) => ({
      file,
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      message,
      remedy,
    })),
  ];
}

/** If a key policy is not in the input, the unknown verdict of this rule replaces those of all rules about the policy. */
const POLICY_UNRESOLVED = "policy_unresolved";

/** Returns whether a finding is an unknown verdict that makes the result incomplete. */
export const mustBeKnown = (
  { verdict, level, rule }: Finding,
  failOnUnknown: FailOnUnknown = false,
): boolean =>
  verdict === "unknown" &&
  (typeof failOnUnknown === "boolean"
    ? failOnUnknown && (level === "error" || rule === POLICY_UNRESOLVED)
    : failOnUnknown.includes(rule));

/** Adds the rule that replaces the listed ones if the key policy is not in the input. */
export function withReplacingRule(failOnUnknown: FailOnUnknown, rules: RuleInfo[]): FailOnUnknown {
  if (typeof failOnUnknown === "boolean") return failOnUnknown;
  const isAboutPolicy = ({ id, formats }: RuleInfo) =>
    failOnUnknown.includes(id) && formats.includes("policy");
  return rules.some(isAboutPolicy) ? [...new Set([...failOnUnknown, POLICY_UNRESOLVED])] : failOnUnknown;
}
