/** The tests of the analysis, as cases that scripts/mutate/analysis.ts runs one by one in its own process. */
import fc from "fast-check";
import { normalizeInputs } from "../../src/core/pipeline.ts";
import { createChecker } from "../../src/hosts/library/index.ts";
import rows from "../../test/analysis/rows.json" with { type: "json" };
import { keyPolicies } from "../../test/laws/policies.ts";
import { violations } from "../../test/laws/restriction.ts";
import { tests } from "./node-test.ts";
import "../../test/analysis/access.test.ts";
import "../../test/analysis/address.test.ts";
import "../../test/analysis/conditions.test.ts";
import "../../test/analysis/language.test.ts";
import "../../test/analysis/unknown.test.ts";

export interface Case {
  name: string;
  /** Returns what the analysis makes of the input. If it is the same as without a mutant, so is the outcome. */
  result?: () => string;
  /** Fails if the case does, or returns the reason. */
  run: () => string | undefined | Promise<string | undefined>;
}

// Tests of properties generate the same inputs for each mutant.
fc.configureGlobal({ seed: 1 });

const owner = "111122223333";
const source = (policy: unknown) => ({ path: "policy.json", text: JSON.stringify(policy), named: true });

/** Returns the document, with everything that the rules can see. */
const documentOf = (policy: unknown, account: string): string => {
  const { document, problems } = normalizeInputs([source(policy)], { account });
  return JSON.stringify([document, problems]);
};

interface Row {
  note: string;
  policy: object;
  owner?: string;
  settings?: { [rule: string]: { [name: string]: unknown } };
  want: { [rule: string]: string };
}

const rowCases = (rows as Row[]).map(
  ({ note, policy, owner: account = owner, settings, want }): Case => ({
    name: note,
    result: () => documentOf(policy, account),
    run: () => {
      const checker = createChecker({ account, ...(settings && { settings }) });
      const { findings } = checker.check([source(policy)]);
      const wrong = Object.entries(want).filter(
        ([rule, verdict]) =>
          (findings.find((finding) => finding.rule === rule)?.verdict ?? "pass") !== verdict,
      );
      return wrong.length === 0 ? undefined : wrong.map(([rule]) => rule).join(", ");
    },
  }),
);

if (tests.length === 0) throw new Error("The bundle contains no tests.");
const testCases = tests.map(
  ({ name, body }): Case => ({
    name,
    run: async () => {
      await body();
      return undefined;
    },
  }),
);

/** The cases of test/analysis. */
export const analysisCases: Case[] = [...rowCases, ...testCases];

/** Returns the cases of the restriction law: policies that the seed determines. */
export function lawCases(count: number, seed: number): Case[] {
  const checker = createChecker({ account: owner });
  return fc.sample(keyPolicies, { numRuns: count, seed }).map((policy) => ({
    name: JSON.stringify(policy),
    result: () => documentOf(policy, owner),
    run: () => {
      const { findings } = checker.check([source(policy)]);
      const found = { fail: new Set<string>(), unknown: new Set<string>() };
      for (const { rule, verdict } of findings) found[verdict].add(rule);
      const [violation] = violations(policy, found, seed);
      return violation && `${violation.law}: ${violation.kind}`;
    },
  }));
}
