/** The hole law: a certain hole is never silent, however it is spelled. */
import { type Checker, createChecker, type Source } from "../../src/hosts/library/index.ts";
import { changeSet, cloudformation } from "./holes/cloudformation.ts";
import { kubernetes, plan, standalone } from "./holes/others.ts";
import type { Files } from "./holes/policy.ts";
import { terraform, terraformJson } from "./holes/terraform.ts";
import type { Law } from "./law.ts";
import { Random } from "./random.ts";

const formats: { readonly [format: string]: (random: Random) => Files } = {
  standalone,
  cloudformation,
  "cloudformation ": cloudformation,
  "change set": changeSet,
  terraform,
  "terraform ": terraform,
  "terraform json": terraformJson,
  plan,
  kubernetes,
};

export function drawHole(random: Random): { format: string; files: Files } {
  const [format, write] = random.pick(Object.entries(formats));
  return { format: format.trim(), files: write(random) };
}

export const sourcesOf = (files: Files, named: boolean): Source[] =>
  Object.entries(files).map(([path, text]) => ({ path, text, ...(named ? { named } : {}) }));

const about = ["public_access", "policy_unresolved", "malformed_policy"];

/** Returns whether the report says that the policy is open, or that it could not be judged. */
export function isSilent(checker: Checker, sources: Source[]): boolean {
  const { findings, problems, unseen } = checker.check(sources);
  return problems.length === 0 && unseen.length === 0 && !findings.some(({ rule }) => about.includes(rule));
}

export const print = (files: Files): string =>
  Object.entries(files)
    .map(([path, text]) => `--- ${path}\n${text}`)
    .join("\n");

export const holes: Law = {
  name: "holes",
  *run(count, seed) {
    const checker = createChecker();
    for (let i = 0; i < count; i++) {
      const { format, files } = drawHole(new Random(seed + i));
      const silent = isSilent(checker, sourcesOf(files, true));
      const found = { what: `silent ${format}`, input: print(files), detail: "", seed: seed + i, count: 1 };
      yield { checked: 1, broken: silent ? [found] : [] };
    }
  },
};
