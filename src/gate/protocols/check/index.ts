/** Keywarden's own protocol: the request contains files, the response is a report. */
import { isProblem } from "../../../core/parse/problem.ts";
import type { Decider } from "../../decision.ts";
import { failedDecision, failureStatus, retryAfterHeader } from "../../failure.ts";
import { problemsMessage } from "../../messages.ts";
import type { Protocol, ProtocolRequest, ProtocolResponse, RequestFailure } from "../../protocol.ts";
import { decideInput, decisionRecord, inputFromFiles, parseTarget } from "../decision-input.ts";
import { filesFromRequest, isRejectedBody } from "./files.ts";
import { checkFormats, selectFormat } from "./formats.ts";
import { checkProblem } from "./problem.ts";

export const checkProtocol: Protocol = {
  name: "check",
  matches: (_, path) => path === "/check",
  handle,
  handleFailure: ({ id, method }, failure: RequestFailure): ProtocolResponse => {
    const response = checkProblem(id, failureStatus[failure.kind], failure.message);
    return {
      ...response,
      headers: { ...response.headers, ...retryAfterHeader(failure) },
      ...(method === "POST" ? { decision: failedDecision(DECISION_PATH) } : {}),
    };
  },
};

/** Name of the decision in the decision log. */
const DECISION_PATH = "check";
const QUERY_PARAMETERS = ["path", "account", "region", "format"];

function handle(request: ProtocolRequest, decide: Decider): ProtocolResponse {
  const { id, method, headers } = request;
  if (method !== "POST") return checkProblem(id, 405, "/check only accepts POST.", { allow: "POST" });
  const query = new URLSearchParams(request.query);
  const unknown = [...query.keys()].find((name) => !QUERY_PARAMETERS.includes(name));
  if (unknown !== undefined)
    return checkProblem(
      id,
      400,
      `Unknown query parameter ${JSON.stringify(unknown)}. Known parameters: ${QUERY_PARAMETERS.join(", ")}.`,
    );
  const format = selectFormat(query.get("format"), headers["accept"]);
  if (format === undefined)
    return checkProblem(
      id,
      400,
      `Unknown output format ${JSON.stringify(query.get("format"))}. Known formats: ${[...checkFormats.keys()].join(", ")}.`,
    );
  const files = filesFromRequest(request, query.get("path") ?? undefined);
  if (isRejectedBody(files)) return checkProblem(id, files.status, files.detail);
  const target = parseTarget(query.get("account") ?? undefined, query.get("region") ?? undefined);
  const input = isProblem(target) ? target : inputFromFiles(files, target);
  if (isProblem(input)) return checkProblem(id, 400, `${input.message} ${input.remedy}`);
  const decision = decideInput(input, decide);
  const { findings, exceptions, problems, unseen, notices, files: summaries } = decision.report;
  const { allowed, outcome } = decision;
  const report = {
    allowed,
    outcome,
    revision: decide.revision,
    findings,
    exceptions,
    problems,
    unseen,
    notices,
    files: summaries,
  };
  const record = decisionRecord(decision, DECISION_PATH, {
    ...report,
    findings: findings.map(withoutExcerpt),
    exceptions: exceptions.map(withoutExcerpt),
  });
  // A format without problems would be an empty list of findings, which looks like a pass.
  if (outcome === "undecided" && !format.includesProblems)
    return { ...checkProblem(id, 422, problemsMessage(decision.openQuestions)), decision: record };
  return {
    status: outcome === "undecided" ? 422 : 200,
    headers: { "content-type": format.type, vary: "accept", ...format.headers },
    body: format.write(report, decision.report, decide.version),
    decision: record,
  };
}

/** The decision log must not contain lines of the input. */
const withoutExcerpt = <T extends object>({ excerpt: _, ...finding }: T & { excerpt?: unknown }) => finding;
