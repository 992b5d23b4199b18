import type { Problem } from "../core/model/source.ts";
import { type Decider, type PolicyDecision, withReport } from "./decision.ts";

/** Returns the decision with a further reason why it is open. It stays denied if it is denied. */
export function withProblem(decision: PolicyDecision, problem: Problem, decide: Decider): PolicyDecision {
  const { report } = decision;
  return withReport(decision, { ...report, problems: [...report.problems, problem] }, decide);
}

/**
 * Returns an undecided decision if the protocol requires content, and Keywarden recognizes nothing in the input or in one
 * of its files. `file`: the path of an empty input.
 */
export function withRequiredContent(decision: PolicyDecision, file: string, decide: Decider): PolicyDecision {
  if (!decide.requireContent) return decision;
  const files = decision.outcome === "empty" ? [file] : decision.unrecognized;
  return files.reduce(
    (result, path) => withProblem(result, { file: path, ...nothingRecognized }, decide),
    decision,
  );
}

/** Why an empty input is undecided. */
const nothingRecognized = {
  message:
    "The input is not a template, plan, change set, policy, Kubernetes object or Terraform file, so there is nothing to check.",
  remedy: "Check that the client sends the file, and not an error message or an empty file.",
};
