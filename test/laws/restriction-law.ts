/** Runs the restriction law on generated policies, through the public `check`. */
import fc from "fast-check";
import { type Checker, createChecker } from "../../src/hosts/library/index.ts";
import { owner } from "./condition-keys.ts";
import type { Policy } from "./iam.ts";
import type { Broken, Law } from "./law.ts";
import { mentionsOf } from "./mentions.ts";
import { minimize } from "./minimize.ts";
import { keyPolicies } from "./policies.ts";
import { type Reported, type Violation, violations } from "./restriction.ts";

const batch = 250;

/** Reports at most this many inputs of each kind in full: minimizing takes a second. */
const shown = 5;

export const restriction: Law = {
  name: "restriction",
  *run(count, seed) {
    const checker = createChecker({ account: owner });
    const found = new Map<string, number>();
    for (let start = 0; start < count; start += batch) {
      const size = Math.min(batch, count - start);
      const first = seed + start / batch;
      const policies = fc.sample(keyPolicies, { numRuns: size, seed: first });
      const reports = reportsOf(checker, policies);
      const broken = policies.flatMap((policy, i) =>
        violations(policy, reports[i] as Reported, first).map((violation): Broken => {
          const what = `${violation.law}: ${violation.kind}`;
          const before = found.get(what) ?? 0;
          found.set(what, before + 1);
          return {
            what,
            ...described(checker, policy, violation, first, before < shown),
            seed: first,
            count: size,
          };
        }),
      );
      yield { checked: size, broken };
    }
  },
};

/** Checks all policies in one run and returns the rules that were reported for each. */
function reportsOf(checker: Checker, policies: readonly Policy[]): Reported[] {
  const sources = policies.map((policy, i) => ({
    path: `${i}.json`,
    text: JSON.stringify(policy),
    named: true,
  }));
  const { findings, problems } = checker.check(sources);
  if (problems[0] !== undefined) throw new Error(`${problems[0].file}: ${problems[0].message}`);
  const reports = policies.map(() => ({ fail: new Set<string>(), unknown: new Set<string>() }));
  for (const { rule, verdict, location } of findings)
    reports[Number.parseInt(location.file, 10)]?.[verdict].add(rule);
  return reports;
}

function described(
  checker: Checker,
  policy: Policy,
  violation: Violation,
  seed: number,
  minimized: boolean,
): { input: string; detail: string } {
  const again = (candidate: Policy): Violation | undefined => {
    const [report] = reportsOf(checker, [candidate]) as [Reported];
    return violations(candidate, report, seed).find(
      ({ law, kind }) => law === violation.law && kind === violation.kind,
    );
  };
  const smallest = minimized
    ? minimize(policy, (candidate) => isComplete(candidate) && again(candidate) !== undefined)
    : policy;
  const [report] = reportsOf(checker, [smallest]) as [Reported];
  const { text } = mentionsOf(smallest);
  const requests = ((minimized ? again(smallest) : undefined) ?? violation).requests.map(
    ({ caller, action, context }) => {
      const relevant = [...context.values].filter(([key]) => text.toLowerCase().includes(key));
      return `allowed: ${caller.session ?? caller.arn ?? caller.service} kms:${action} ${JSON.stringify(Object.fromEntries(relevant))}`;
    },
  );
  const rules = `fail: ${[...report.fail].join(" ") || "-"}; unknown: ${[...report.unknown].join(" ") || "-"}`;
  return { input: text, detail: [...requests, rules].join("\n") };
}

/** Other statements are malformed. Each simpler value is a violation of its own then. */
const isComplete = ({ Statement }: Policy): boolean =>
  Array.isArray(Statement) &&
  Statement.every(
    (each) =>
      typeof each === "object" &&
      "Effect" in each &&
      "Resource" in each &&
      ("Principal" in each || "NotPrincipal" in each) &&
      ("Action" in each || "NotAction" in each),
  );
