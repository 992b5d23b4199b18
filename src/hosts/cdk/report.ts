import { plainLine, plainText } from "../../core/model/escape.ts";
import { mustBeKnown } from "../../core/model/open-questions.ts";
import type { FailOnUnknown, Finding, Level, Report } from "../../core/model/report.ts";
import type { Problem, UnseenPart } from "../../core/model/source.ts";
import { pointerParts } from "../../core/parse/pointer.ts";
import { type Acknowledgement, acknowledgementsFor } from "./acknowledged.ts";
import type { StackTemplate } from "./templates.ts";
import type { KeywardenReport, KeywardenResource, KeywardenViolation } from "./types.ts";

export interface ReportContext {
  templates: StackTemplate[];
  acknowledged: Acknowledgement[];
  /** The lowest level that fails synthesis. */
  failOn: Exclude<Level, "off">;
  /** The version of Keywarden. */
  version: string;
}

/** Returns the report in the format of CDK validation plugins. The CDK prints its strings as they are. */
export function pluginReport(
  report: Report,
  { templates, acknowledged, failOn, version }: ReportContext,
): KeywardenReport {
  const byFile = new Map(templates.map((template) => [template.displayPath, template]));
  const results = report.findings.map((finding) => {
    const template = byFile.get(finding.location.file);
    const { resource, construct } = resourceOf(finding, template);
    return {
      finding,
      resource,
      severity: severityOf(finding, failOn, report.failOnUnknown),
      matching: construct === undefined ? [] : acknowledgementsFor(acknowledged, finding.rule, construct),
    };
  });
  // The CDK itself removes violations with an exact acknowledgement, and lists them with the reason.
  const reported = results.filter(
    ({ matching }) => matching.length === 0 || matching.some(({ exact }) => exact),
  );
  const violations = new Map<string, KeywardenViolation>();
  for (const { finding, resource, severity } of reported) {
    const violation = violationOf(finding, severity);
    const identity = JSON.stringify(violation);
    const known = violations.get(identity) ?? violation;
    known.violatingResources.push(resource);
    violations.set(identity, known);
  }
  const problems = report.problems.map((problem) => problemOf(problem, byFile.get(problem.file)));
  const unseen = report.unseen.map((part) =>
    unseenViolation(part, byFile.get(part.file), report.failOnUnknown !== undefined),
  );
  const fails = results.some(({ severity, matching }) => severity === "error" && matching.length === 0);
  const count = (list: { length: number }) => String(list.length);
  return {
    success: !fails && problems.length === 0 && !unseen.some(({ severity }) => severity === "error"),
    pluginVersion: version,
    metadata: {
      templates: count(templates),
      unknown: count(report.findings.filter(({ verdict }) => verdict === "unknown")),
      unseen: count(unseen),
      acknowledged: count(results.filter(({ matching }) => matching.length > 0)),
      suppressed: count(report.exceptions),
      kmsDataOf: report.dataVersion,
    },
    violations: [...problems, ...unseen, ...violations.values()],
  };
}

const ranks = { error: 3, warning: 2, note: 1, off: 0 };

/** After an acknowledgement, the CDK counts only violations of severity `error`, so every failure has this severity. */
function severityOf(
  finding: Finding,
  failOn: Level,
  failOnUnknown: FailOnUnknown | undefined,
): KeywardenViolation["severity"] {
  const { level, verdict } = finding;
  if (verdict === "unknown") return mustBeKnown(finding, failOnUnknown) ? "error" : "info";
  if (ranks[level] >= ranks[failOn]) return "error";
  return level === "warning" ? "warning" : "info";
}

function violationOf(finding: Finding, severity: KeywardenViolation["severity"]): KeywardenViolation {
  const { rule, message, verdict, level, remediation, title, why, url } = finding;
  const fix = remediation.trim();
  return {
    ruleName: rule,
    description: plainLine(verdict === "unknown" ? `Unknown: ${message}` : message),
    severity,
    ...(fix === "" ? {} : { fix: plainText(fix) }),
    ruleMetadata: { verdict, level, title, why, url },
    violatingResources: [],
  };
}

function resourceOf(
  { resource, location }: Finding,
  template: StackTemplate | undefined,
): { resource: KeywardenResource; construct: string | undefined } {
  const [section, id = resource, ...rest] = pointerParts(location.pointer);
  const isResource = section === "Resources";
  const logicalId = isResource ? id : resource;
  const path = isResource ? rest : [section, id, ...rest];
  return {
    resource: {
      resourceLogicalId: plainLine(logicalId),
      locations: path.length === 0 ? [] : [plainLine(path.join("."))],
      templatePath: template?.path ?? location.file,
    },
    construct: template?.constructs.get(logicalId),
  };
}

function unseenViolation(
  part: UnseenPart,
  template: StackTemplate | undefined,
  fails: boolean,
): KeywardenViolation {
  return {
    ruleName: "unseen",
    description: plainLine(`Not checked: ${part.message}`),
    severity: fails ? "error" : "warning",
    fix: plainLine(part.remedy),
    ruleMetadata: { verdict: "unknown", unseen: part.kind, subject: plainLine(part.subject) },
    violatingResources: [
      {
        resourceLogicalId: plainLine(part.resource ?? ""),
        ...(part.resource === undefined ? { constructPath: template?.construct ?? "" } : {}),
        locations: [],
        templatePath: template?.path ?? part.file,
      },
    ],
  };
}

function problemOf(problem: Problem, template: StackTemplate | undefined): KeywardenViolation {
  const { file, line, message, remedy } = problem;
  return {
    ruleName: "unreadable",
    description: plainLine(
      `${line === undefined ? file : `${file}:${line}`}: ${message} Keywarden checked nothing in this template.`,
    ),
    severity: "fatal",
    fix: plainLine(remedy),
    ruleMetadata: { verdict: "unknown" },
    violatingResources: [
      {
        resourceLogicalId: "",
        constructPath: template?.construct ?? "",
        locations: [],
        templatePath: template?.path ?? file,
      },
    ],
  };
}
