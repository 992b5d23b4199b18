import type { Problem } from "../core/model/source.ts";
import type { Decider, PolicyDecision } from "./decision.ts";

/** Returns the decision with a further reason why it is open. It stays denied if it is denied. */
export function withProblem(decision: PolicyDecision, problem: Problem, decide: Decider): PolicyDecision {
  const report = { ...decision.report, problems: [...decision.report.problems, problem] };
  return { ...decision, ...decide.conclude(report), report };
}

/** Returns an undecided decision instead of an empty one if the protocol requires content. */
export const withRequiredContent = (
  decision: PolicyDecision,
  file: string,
  decide: Decider,
): PolicyDecision =>
  decide.requireContent && decision.outcome === "empty"
    ? withProblem(decision, { file, ...nothingRecognized }, decide)
    : decision;

/** Why an empty input is undecided. */
const nothingRecognized = {
  message:
    "The input is not a template, plan, change set, policy, Kubernetes object or Terraform file, so there is nothing to check.",
  remedy: "Check that the client sends the file, and not an error message or an empty file.",
};
