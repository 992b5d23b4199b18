import { asMap } from "../../../core/model/json.ts";
import type { Finding } from "../../../core/model/report.ts";
import type { Source } from "../../../core/model/source.ts";
import { encodeJson } from "../../../reporters/encode.ts";
import { countsOf, countsText } from "../../../reporters/summary.ts";
import type { FailMode } from "../../../session/server-options.ts";
import type { Decider, PolicyDecision } from "../../decision.ts";
import { findingCounts } from "../../finding-counts.ts";
import { valueOfJson } from "../../json.ts";
import { utf8ToString } from "../../media.ts";
import {
  failuresByLevel,
  problemsMessage,
  truncateText,
  undecidedMessage,
  undecidedReason,
} from "../../messages.ts";
import type { DecisionRecord, Protocol, ProtocolRequest, ProtocolResponse } from "../../protocol.ts";
import { withProblem } from "../../required-content.ts";
import { type TaskOutcome, taskOutcomes } from "./outcomes.ts";

/**
 * Checks the plan of a run in HCP Terraform or Terraform Enterprise. The body of the request is the plan, and the body
 * of the response is the callback. The protocol has no HTTP endpoint: `src/hosts/server/run-task/` calls it.
 * https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run-tasks/run-tasks-integration
 */
export const runTaskProtocol: Protocol = {
  name: "run-task",
  matches: () => false,
  handle(request, decide) {
    const { organization, workspace } = runIdentityOf(request);
    const path = `${organization}/${workspace}`;
    const text = utf8ToString(request.body);
    if (text === undefined) return undecidedResponse("The plan is not UTF-8.", decide.failMode);
    const source: Source = { path, text, named: true, nameOnly: true };
    const decision = withRequiredPlan(decide([source]), source, decide);
    const reason = undecidedReason(decision);
    return taskResponse(taskResult(decision, decide.failMode), {
      path: "run-task",
      outcome: decision.outcome,
      result: decision.allowed ? "passed" : "failed",
      input: decision.document,
      ...(reason === undefined ? {} : { reason }),
      findings: findingCounts(decision.report.findings),
    });
  },
  handleFailure: (_, { message }, failMode) => undecidedResponse(message, failMode),
};

/** Returns an undecided decision if the protocol requires content and the text is not a complete plan. */
function withRequiredPlan(
  decision: PolicyDecision,
  { path: file, text }: Source,
  decide: Decider,
): PolicyDecision {
  if (!decide.requireContent || decision.outcome === "undecided") return decision;
  if (!decision.formats.has("terraform-plan")) return withProblem(decision, { file, ...notAPlan }, decide);
  const isDeferred = decision.report.unseen.some(({ kind }) => kind === "deferred-change");
  return isDeferred || isIncomplete(text)
    ? withProblem(decision, { file, ...incompletePlan }, decide)
    : decision;
}

const notAPlan = {
  message: "The download is not a Terraform plan, so there is nothing to check.",
  remedy: "Check for a proxy that answers instead of HCP Terraform, and run the plan again.",
};

const incompletePlan = {
  message: "The plan is not complete, for example because of -target or of deferred changes.",
  remedy: "Run a plan of the whole configuration.",
};

/** https://developer.hashicorp.com/terraform/internals/json-format. Parses a large plan again only if it may be true. */
const isIncomplete = (text: string): boolean =>
  /"complete"\s*:\s*false/.test(text) && asMap(valueOfJson(text)).complete === false;

/** Identifies a run, in the query of the request to a worker. */
export interface RunIdentity {
  organization: string;
  workspace: string;
  run: string;
}

export const runIdentityQuery = (identity: RunIdentity): string =>
  new URLSearchParams({ ...identity }).toString();

function runIdentityOf({ query }: ProtocolRequest): RunIdentity {
  const parameters = new URLSearchParams(query);
  const valueOf = (name: keyof RunIdentity) => parameters.get(name) ?? "";
  return {
    organization: valueOf("organization"),
    workspace: valueOf("workspace"),
    run: valueOf("run"),
  };
}

/** The body of the callback to HCP Terraform. */
export interface TaskResult {
  data: {
    type: "task-results";
    attributes: { status: "passed" | "failed" | "running"; message: string; url?: string };
    relationships?: { outcomes: { data: TaskOutcome[] } };
  };
}

const MAX_MESSAGE_CHARACTERS = 500;

function taskResult(decision: PolicyDecision, failMode: FailMode): TaskResult {
  const { allowed, report } = decision;
  return {
    data: {
      type: "task-results",
      attributes: {
        status: allowed ? "passed" : "failed",
        message: truncateText(resultMessage(decision, failMode), MAX_MESSAGE_CHARACTERS),
      },
      relationships: { outcomes: { data: taskOutcomes(report) } },
    },
  };
}

function resultMessage({ outcome, openQuestions, report }: PolicyDecision, failMode: FailMode): string {
  if (outcome === "undecided") return undecidedMessage(failMode, problemsMessage(openQuestions));
  if (outcome === "empty") return `NOT CHECKED: ${notAPlan.message}`;
  if (outcome === "allowed" && report.files.length === 0 && report.unseen.length === 0)
    return "The plan has no KMS key, alias, grant or key policy.";
  return `${countsText(countsOf(report))}${ruleList(failuresByLevel(report))}`;
}

const ruleList = (failures: Finding[]): string =>
  failures.length === 0 ? "" : `: ${[...new Set(failures.map(({ rule }) => rule))].join(", ")}`;

function undecidedResponse(reason: string, failMode: FailMode): ProtocolResponse {
  const status = failMode === "open" ? "passed" : "failed";
  const message = truncateText(undecidedMessage(failMode, reason), MAX_MESSAGE_CHARACTERS);
  return taskResponse(
    { data: { type: "task-results", attributes: { status, message } } },
    { path: "run-task", outcome: "undecided", result: status },
  );
}

const taskResponse = (result: TaskResult, decision: DecisionRecord): ProtocolResponse => ({
  status: 200,
  headers: { "content-type": "application/vnd.api+json" },
  body: encodeJson(result),
  decision,
});
