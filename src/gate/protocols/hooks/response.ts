import { type Finding, type Level, type RuleInfo, rulePageUrl } from "../../../core/model/report.ts";
import { visible } from "../../../reporters/style.ts";
import type { FailMode } from "../../../session/server-options.ts";
import { cut, undecidedText } from "../../messages.ts";
import type { Judgement } from "./judge.ts";

/** https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html */
export interface Response {
  hookStatus: "SUCCESS" | "FAILED";
  errorCode?: "NonCompliant" | "InternalFailure";
  message: string;
  clientRequestToken: string;
  annotations?: Annotation[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Annotation.html */
export interface Annotation {
  /** The name of a rule. */
  annotationName: string;
  status: "PASSED" | "FAILED" | "SKIPPED";
  statusMessage: string;
  remediationMessage?: string;
  remediationLink?: string;
  severityLevel?: "INFORMATIONAL" | "LOW" | "MEDIUM" | "HIGH" | "CRITICAL";
}

/** Characters that CloudFormation, and Cloud Control, show of a message. */
export const MESSAGE = { cloudFormation: 4096, cloudControl: 1024 };

/** Characters of each text of an annotation. */
const TEXT = 16_384;

/** Of all annotations together, as JSON; what is left out is what passed first, then what was skipped. */
const ANNOTATIONS = 200_000;

/** Where nothing is decided: a failure of the hook itself, or a pass that says it is none. */
export function undecided(
  token: string,
  why: string,
  mode: FailMode,
  most = MESSAGE.cloudFormation,
): Response {
  const message = cut(undecidedText(mode, why), most);
  return mode === "closed"
    ? { hookStatus: "FAILED", errorCode: "InternalFailure", message, clientRequestToken: token }
    : { hookStatus: "SUCCESS", message, clientRequestToken: token };
}

/** One annotation for each rule that CloudFormation can break, in the order in which they matter. */
export function annotationsOf(rules: RuleInfo[], judgement: Judgement): Annotation[] {
  const all = rules
    .filter(({ formats }) => formats.includes("cloudformation") || formats.includes("changeset"))
    .map((rule) => annotationOf(rule, judgement))
    .sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  let size = 0;
  return all.filter((annotation) => {
    size += JSON.stringify(annotation).length;
    return size <= ANNOTATIONS;
  });
}

const ORDER: Annotation["status"][] = ["FAILED", "SKIPPED", "PASSED"];

function annotationOf(rule: RuleInfo, { findings, exceptions, outOfSight }: Judgement): Annotation {
  const of = (list: Finding[]) => list.filter((finding) => finding.rule === rule.id);
  const failed = of(findings).filter(({ verdict }) => verdict === "fail");
  const [worst] = LEVELS.flatMap((level) => failed.filter((finding) => finding.level === level));
  if (worst !== undefined)
    return {
      annotationName: rule.id,
      status: "FAILED",
      statusMessage: told(failed.map(said)),
      // A snippet is part of it.
      remediationMessage: cut(worst.remediation.trim() || rule.remediation, TEXT),
      remediationLink: rulePageUrl(rule.id),
      severityLevel: SEVERITY[worst.level],
    };
  const skipped = [
    ...of(findings).map((finding) => `${said(finding)} Not known.`),
    ...of(exceptions).map(
      (finding) => `${said(finding)} Suppressed: ${visible(finding.suppressed?.reason ?? "")}`,
    ),
    ...of(outOfSight).map((finding) => `${visible(finding.resource)}: ${OUT_OF_SIGHT}`),
  ];
  if (skipped.length > 0) return { annotationName: rule.id, status: "SKIPPED", statusMessage: told(skipped) };
  return { annotationName: rule.id, status: "PASSED", statusMessage: `Nothing found: ${rule.title}` };
}

const OUT_OF_SIGHT =
  "CloudFormation shows this resource alone, and what decides this stands beside it. A hook on STACK or CHANGE_SET sees it.";

const said = ({ resource, message }: Finding): string => `${visible(resource)}: ${visible(message)}`;
const told = (sentences: string[]): string => cut(sentences.join("\n"), TEXT);

const LEVELS: Level[] = ["error", "warning", "note"];
const SEVERITY: { [L in Level]: NonNullable<Annotation["severityLevel"]> } = {
  error: "HIGH",
  warning: "MEDIUM",
  note: "LOW",
  off: "INFORMATIONAL",
};
