import { plainLine, plainText } from "../../../core/model/escape.ts";
import { type Finding, type Level, type RuleInfo, rulePageUrl } from "../../../core/model/report.ts";
import type { FailMode } from "../../../session/server-options.ts";
import { truncateText, undecidedMessage } from "../../messages.ts";
import type { TargetDecision } from "./target-decision.ts";

/**
 * The response of a Lambda Hook to CloudFormation.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 */
export interface HookResponse {
  /** `FAILED` stops the operation if the hook's failure mode is `FAIL`. */
  hookStatus: "SUCCESS" | "FAILED";
  /** `NonCompliant`: a rule denies the change. `InternalFailure`: Keywarden could not decide. */
  errorCode?: "NonCompliant" | "InternalFailure";
  /** Summary and failing findings, as CloudFormation shows them in the stack events. */
  message: string;
  /** The token of the invocation. */
  clientRequestToken: string;
  /** Results by rule. Absent if the target has no KMS resources, or if Keywarden could not decide. */
  annotations?: HookAnnotation[];
}

/**
 * The result of one rule, which CloudFormation shows with the hook's result.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Annotation.html
 */
export interface HookAnnotation {
  /** ID of the rule. */
  annotationName: string;
  /** `SKIPPED`: the verdict is unknown, or the finding is suppressed. */
  status: "PASSED" | "FAILED" | "SKIPPED";
  statusMessage: string;
  remediationMessage?: string;
  /** URL of the rule's page. */
  remediationLink?: string;
  severityLevel?: "INFORMATIONAL" | "LOW" | "MEDIUM" | "HIGH" | "CRITICAL";
}

/** Maximum characters of a message that CloudFormation and Cloud Control API show. */
export const MAX_MESSAGE_CHARACTERS = { cloudFormation: 4096, cloudControl: 1024 };

/** Maximum characters of each string in an annotation. */
const MAX_ANNOTATION_TEXT_CHARACTERS = 16_384;

/** Maximum characters of all annotations as JSON. Passed annotations are omitted first, then skipped ones. */
const MAX_ANNOTATIONS_CHARACTERS = 200_000;

/** Returns the response if nothing was decided: a failure, or in fail mode `open` a success that says so. */
export function undecidedHookResponse(
  token: string,
  reason: string,
  failMode: FailMode,
  maxCharacters = MAX_MESSAGE_CHARACTERS.cloudFormation,
): HookResponse {
  const message = truncateText(undecidedMessage(failMode, reason), maxCharacters);
  return failMode === "closed"
    ? { hookStatus: "FAILED", errorCode: "InternalFailure", message, clientRequestToken: token }
    : { hookStatus: "SUCCESS", message, clientRequestToken: token };
}

/** Returns one annotation for each rule that applies to CloudFormation: failed, then skipped, then passed. */
export function hookAnnotations(rules: RuleInfo[], target: TargetDecision): HookAnnotation[] {
  const all = rules
    .filter(({ formats }) => formats.includes("cloudformation") || formats.includes("changeset"))
    .map((rule) => annotationOf(rule, target))
    .sort((a, b) => STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status));
  let size = 0;
  return all.filter((annotation) => {
    size += JSON.stringify(annotation).length;
    return size <= MAX_ANNOTATIONS_CHARACTERS;
  });
}

const STATUS_ORDER: HookAnnotation["status"][] = ["FAILED", "SKIPPED", "PASSED"];

function annotationOf(rule: RuleInfo, { findings, exceptions, unconfirmed }: TargetDecision): HookAnnotation {
  const ofRule = (list: Finding[]) => list.filter((finding) => finding.rule === rule.id);
  const failed = ofRule(findings).filter(({ verdict }) => verdict === "fail");
  const [worst] = LEVELS.flatMap((level) => failed.filter((finding) => finding.level === level));
  if (worst !== undefined)
    return {
      annotationName: rule.id,
      status: "FAILED",
      statusMessage: statusMessage(failed.map(summaryOf)),
      // The remediation of a finding may include a snippet.
      remediationMessage: truncateText(
        plainText(worst.remediation.trim() || rule.remediation),
        MAX_ANNOTATION_TEXT_CHARACTERS,
      ),
      remediationLink: rulePageUrl(rule.id),
      severityLevel: SEVERITY[worst.level],
    };
  const skipped = [
    ...ofRule(findings).map((finding) => `${summaryOf(finding)} Verdict: unknown.`),
    ...ofRule(exceptions).map(
      (finding) => `${summaryOf(finding)} Suppressed: ${plainLine(finding.suppressed?.reason ?? "")}`,
    ),
    ...ofRule(unconfirmed).map((finding) => `${plainLine(finding.resource)}: ${UNCONFIRMED}`),
  ];
  if (skipped.length > 0)
    return { annotationName: rule.id, status: "SKIPPED", statusMessage: statusMessage(skipped) };
  return { annotationName: rule.id, status: "PASSED", statusMessage: `No findings: ${rule.title}` };
}

const UNCONFIRMED =
  "CloudFormation sends only this resource, and the verdict depends on other resources of the stack. Use a hook with the target STACK or CHANGE_SET to check this rule.";

const summaryOf = ({ resource, message }: Finding): string => `${plainLine(resource)}: ${plainLine(message)}`;
const statusMessage = (sentences: string[]): string =>
  truncateText(sentences.join("\n"), MAX_ANNOTATION_TEXT_CHARACTERS);

const LEVELS: Level[] = ["error", "warning", "note"];
const SEVERITY: { [L in Level]: NonNullable<HookAnnotation["severityLevel"]> } = {
  error: "HIGH",
  warning: "MEDIUM",
  note: "LOW",
  off: "INFORMATIONAL",
};
