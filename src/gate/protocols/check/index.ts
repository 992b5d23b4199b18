/** Keywarden's own protocol: files in, a report out. */
import { isProblem } from "../../../core/parse/problem.ts";
import type { Decide } from "../../decide.ts";
import { retryAfter, statusOf } from "../../failure.ts";
import { problemWords } from "../../messages.ts";
import type { Answer, Failure, Protocol, Request } from "../../protocol.ts";
import { decided, filesOf, placeIn, toldOf } from "../inputs.ts";
import { filesIn, isRefused } from "./files.ts";
import { formOf, forms } from "./forms.ts";
import { problem } from "./problem.ts";

export const check: Protocol = {
  name: "check",
  answers: (_, path) => path === "/check",
  answer,
  failed: ({ id }, why: Failure): Answer => {
    const answer = problem(id, statusOf[why.kind], why.message);
    return { ...answer, headers: { ...answer.headers, ...retryAfter(why) } };
  },
};

/** What `?…` may say. */
const parameters = ["path", "account", "region", "format"];

function answer(request: Request, decide: Decide): Answer {
  const { id, method, headers } = request;
  if (method !== "POST") return problem(id, 405, "Files are sent with POST.", { allow: "POST" });
  const query = new URLSearchParams(request.query);
  const unknown = [...query.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined)
    return problem(id, 400, `There is no parameter ${JSON.stringify(unknown)}: ${parameters.join(", ")}.`);
  const form = formOf(query.get("format"), headers["accept"]);
  if (form === undefined)
    return problem(
      id,
      400,
      `There is no format ${JSON.stringify(query.get("format"))}: ${[...forms.keys()].join(", ")}.`,
    );
  const sent = filesIn(request, query.get("path") ?? undefined);
  if (isRefused(sent)) return problem(id, sent.status, sent.detail);
  const place = placeIn(query.get("account") ?? undefined, query.get("region") ?? undefined);
  const given = isProblem(place) ? place : filesOf(sent, place);
  if (isProblem(given)) return problem(id, 400, `${given.message} ${given.remedy}`);
  const decision = decided(given, decide);
  const { findings, exceptions, problems, notices, files } = decision.report;
  const { allowed, outcome } = decision;
  const verdict = {
    allowed,
    outcome,
    revision: decide.revision,
    findings,
    exceptions,
    problems,
    notices,
    files,
  };
  const told = toldOf(decision, "check", {
    ...verdict,
    findings: findings.map(withoutExcerpt),
    exceptions: exceptions.map(withoutExcerpt),
  });
  // A list without findings would look like a pass.
  if (outcome === "undecided" && !form.tellsProblems)
    return { ...problem(id, 422, problemWords(problems)), decision: told };
  return {
    status: outcome === "undecided" ? 422 : 200,
    headers: { "content-type": form.type, vary: "accept", ...form.headers },
    body: form.write(verdict, decision.report, decide.version),
    decision: told,
  };
}

/** A log holds no lines of the input. */
const withoutExcerpt = <T extends object>({ excerpt: _, ...finding }: T & { excerpt?: unknown }) => finding;
