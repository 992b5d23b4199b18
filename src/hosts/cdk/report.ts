import type { Finding, Level, Report } from "../../core/model/report.ts";
import type { Problem } from "../../core/model/source.ts";
import { pointerParts } from "../../core/parse/pointer.ts";
import { type Acknowledgement, acknowledging } from "./acknowledged.ts";
import type { Template } from "./templates.ts";
import type { KeywardenReport, KeywardenResource, KeywardenViolation } from "./types.ts";

export interface Judging {
  templates: Template[];
  acknowledged: Acknowledgement[];
  /** The lowest level that fails. */
  failOn: Exclude<Level, "off">;
  /** Of Keywarden. */
  version: string;
}

/** The report in the CDK's form. */
export function reportFor(
  report: Report,
  { templates, acknowledged, failOn, version }: Judging,
): KeywardenReport {
  const byFile = new Map(templates.map((template) => [template.shown, template]));
  const found = report.findings.map((finding) => {
    const template = byFile.get(finding.location.file);
    const { resource, construct } = placeOf(finding, template);
    return {
      finding,
      resource,
      severity: severityOf(finding, failOn),
      said: construct === undefined ? [] : acknowledging(acknowledged, finding.rule, construct),
    };
  });
  // What is acknowledged by its exact name the CDK takes out itself, and lists it with the reason.
  const told = found.filter(({ said }) => said.length === 0 || said.some(({ exact }) => exact));
  const violations = new Map<string, KeywardenViolation>();
  for (const { finding, resource, severity } of told) {
    const violation = violationOf(finding, severity);
    const same = JSON.stringify(violation);
    const known = violations.get(same) ?? violation;
    known.violatingResources.push(resource);
    violations.set(same, known);
  }
  const problems = report.problems.map((problem) => problemOf(problem, byFile.get(problem.file)));
  const fails = found.some(({ severity, said }) => severity === "error" && said.length === 0);
  const count = (list: { length: number }) => String(list.length);
  return {
    success: !fails && problems.length === 0,
    pluginVersion: version,
    metadata: {
      templates: count(templates),
      unknown: count(report.findings.filter(({ verdict }) => verdict === "unknown")),
      acknowledged: count(found.filter(({ said }) => said.length > 0)),
      suppressed: count(report.exceptions),
      kmsDataOf: report.dataVersion,
    },
    violations: [...problems, ...violations.values()],
  };
}

const ranks = { error: 3, warning: 2, note: 1, off: 0 };

/** The CDK counts what is of severity `error` once something is acknowledged: all that fails has to be. */
function severityOf({ level, verdict }: Finding, failOn: Level): KeywardenViolation["severity"] {
  if (verdict === "unknown") return "info";
  if (ranks[level] >= ranks[failOn]) return "error";
  return level === "warning" ? "warning" : "info";
}

function violationOf(finding: Finding, severity: KeywardenViolation["severity"]): KeywardenViolation {
  const { rule, message, verdict, level, remediation, title, why, url } = finding;
  const fix = remediation.trim();
  return {
    ruleName: rule,
    description: verdict === "unknown" ? `Could not be decided: ${message}` : message,
    severity,
    ...(fix === "" ? {} : { fix }),
    ruleMetadata: { verdict, level, title, why, url },
    violatingResources: [],
  };
}

function placeOf(
  { resource, location }: Finding,
  template: Template | undefined,
): { resource: KeywardenResource; construct: string | undefined } {
  const [section, id = resource, ...rest] = pointerParts(location.pointer);
  const inside = section === "Resources";
  const logicalId = inside ? id : resource;
  const within = inside ? rest : [section, id, ...rest];
  return {
    resource: {
      resourceLogicalId: logicalId,
      locations: within.length === 0 ? [] : [within.join(".")],
      templatePath: template?.path ?? location.file,
    },
    construct: template?.constructs.get(logicalId),
  };
}

function problemOf(problem: Problem, template: Template | undefined): KeywardenViolation {
  const { file, line, message, remedy } = problem;
  return {
    ruleName: "unreadable",
    description: `${line === undefined ? file : `${file}:${line}`}: ${message} Nothing is known about what it holds.`,
    severity: "fatal",
    fix: remedy,
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
