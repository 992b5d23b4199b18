import { deepEqual } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { loadEngine } from "../src/core/engine/engine.ts";
import { loadTerraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { Source } from "../src/core/model/source.ts";
import { checkInputs } from "../src/core/pipeline.ts";

/*
 * Configurations with their plans, made by Terraform and OpenTofu, and what has to be found in each: exactly that, in
 * the plan and in the source. See test/cases/README.md.
 */

const folder = "test/cases";

interface Verdict {
  rule: string;
  address: string;
}

interface Expected {
  fail?: Verdict[];
  unknown?: Verdict[];
  /** Open to opinion. */
  either?: Verdict[];
}

interface Case {
  title: string;
  expect: Expected;
  /** False where the configuration alone gives other verdicts than the plan. */
  source?: boolean;
  expect_source?: Expected;
}

const engine = loadEngine(
  readFileSync("bundles/policy.wasm"),
  JSON.parse(readFileSync("bundles/rules.json", "utf8")),
);
const terraform = loadTerraform(() => readFileSync("bundles/terraform.wasm"));

const line = (verdict: string, rule: string, address: string): string => `${verdict} ${rule} ${address}`;

function found(sources: Source[]): string[] {
  const { findings, problems } = checkInputs(sources, { engine, terraform });
  deepEqual(problems, []);
  return findings.map(({ verdict, rule, resource }) => line(verdict, rule, resource));
}

function compare(got: string[], { fail = [], unknown = [], either = [] }: Expected): void {
  const open = new Set(
    either.flatMap(({ rule, address }) => [line("fail", rule, address), line("unknown", rule, address)]),
  );
  const wanted = [
    ...fail.map(({ rule, address }) => line("fail", rule, address)),
    ...unknown.map(({ rule, address }) => line("unknown", rule, address)),
  ];
  deepEqual([...new Set(got)].filter((text) => !open.has(text)).sort(), wanted.sort());
}

const read = (path: string): Source => ({ path, text: readFileSync(path, "utf8") });

/** The files of a configuration, without its plans. */
const sourceOf = (path: string): Source[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(plan.*|case)\.json$/.test(entry.name))
    .map((entry) => read(`${entry.parentPath}/${entry.name}`));

/** What stands in source stands there once for all instances. */
const whole = (text: string): string =>
  / key_not_retained /.test(text) ? text.replace(/\[[^\]]*\]/g, "") : text;

for (const name of readdirSync(folder).filter((entry) => existsSync(`${folder}/${entry}/case.json`))) {
  const path = `${folder}/${name}`;
  const { title, expect, source, expect_source }: Case = JSON.parse(
    readFileSync(`${path}/case.json`, "utf8"),
  );
  describe(`${name}: ${title}`, () => {
    for (const plan of ["plan.json", "plan.tofu.json"].filter((file) => existsSync(`${path}/${file}`)))
      it(plan, () => compare(found([read(`${path}/${plan}`)]), expect));
    const expected = expect_source ?? (source === false ? undefined : expect);
    if (expected !== undefined) it("source", () => compare(found(sourceOf(path)).map(whole), expected));
  });
}
