/** The laws that a report obeys, whatever the input. */

import { readFileSync } from "node:fs";
import { type Engine, loadEngine, type RawFinding } from "../../../src/core/engine/engine.ts";
import { loadTerraform } from "../../../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { Report, RuleInfo } from "../../../src/core/model/report.ts";
import type { Problem, Source } from "../../../src/core/model/source.ts";
import type { CheckOptions } from "../../../src/core/options.ts";
import { evaluateRules, normalizeInputs } from "../../../src/core/pipeline.ts";
import { expect } from "../harness/target.ts";
import { root } from "../seeds.ts";
import { hasCertainHole } from "./holes.ts";
import { checkOutputs } from "./output.ts";

export const rules: RuleInfo[] = JSON.parse(readFileSync(`${root}bundles/rules.json`, "utf8"));

/** Most inputs are unreadable, so that only the open key is left to evaluate. */
function remembering({ rules, evaluate }: Engine): Engine {
  const results = new Map<string, RawFinding[]>();
  return {
    rules,
    evaluate(document, settings) {
      const question = JSON.stringify([document, settings]);
      const known = results.get(question);
      if (known !== undefined) return structuredClone(known);
      const found = evaluate(document, settings);
      if (results.size > 500) results.clear();
      results.set(question, structuredClone(found));
      return found;
    },
  };
}

export const engine = loadEngine(readFileSync(`${root}bundles/policy.wasm`), rules);

const options: CheckOptions = {
  engine: remembering(engine),
  terraform: loadTerraform(() => readFileSync(`${root}bundles/terraform.wasm`)),
  today: "2026-01-01",
};

/** A key that everyone can use. No other file takes its finding away. */
const openKey: Source = {
  path: "open-key/policy.json",
  named: true,
  text: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}',
};

/** The document has positions, and analyses of statements, for each part of an input. */
const DOCUMENT_CHARACTERS_PER_CHARACTER = 400;

/** Checks sources, and evaluates the rules only if it is worth their time. */
export function checkSources(sources: readonly Source[], thorough: boolean): void {
  if (thorough || sources.some(({ text }) => hasCertainHole(jsonIn(text)))) {
    checkReport(sources, thorough);
    return;
  }
  const { document, problems } = normalizeInputs([...sources, openKey], options);
  checkProblems(problems);
  expect(
    document.keys.some(({ location }) => location.file === openKey.path),
    "the open key in another file is not read",
  );
}

/** Checks sources together with a key that is open, and throws if the report breaks a law. */
export function checkReport(
  sources: readonly Source[],
  thorough: boolean,
  more: Partial<CheckOptions> = {},
): Report {
  const { report, size } = checked(sources, more);
  const isAboutOpenKey = ({ rule, verdict, location }: Report["findings"][number]): boolean =>
    rule === "public_access" && verdict === "fail" && location.file === openKey.path;
  checkProblems(report.problems);
  expect(report.findings.some(isAboutOpenKey), "the open key in another file is not found", () =>
    JSON.stringify(report.problems),
  );
  for (const source of sources) checkNotSilent(source, report);
  if (!thorough) return report;
  const length = sources.reduce((sum, { text }) => sum + text.length, 1000);
  expect(
    size < length * DOCUMENT_CHARACTERS_PER_CHARACTER,
    "the document grows faster than the input",
    () => `${length} to ${size} characters`,
  );
  const again = JSON.stringify(checked(sources, more).report);
  expect(
    again === JSON.stringify(report),
    "the same input has two reports",
    () => `${JSON.stringify(report)}\n${again}`,
  );
  checkOutputs(report);
  return report;
}

function checkProblems(problems: readonly Problem[]): void {
  for (const { message, file } of problems)
    expect(
      !/internal error/.test(message),
      `an internal error is reported (${normalized(message)})`,
      () => `${file}: ${message}`,
    );
}

/** Removes the parts of a message that depend on the input. */
const normalized = (message: string): string =>
  message
    .replace(/^.*internal error:? ?/, "")
    .replace(/["'`].*["'`]|\d+/g, "…")
    .slice(0, 80);

function checked(sources: readonly Source[], more: Partial<CheckOptions>): { report: Report; size: number } {
  const all = { ...options, ...more };
  const inputs = normalizeInputs([...sources, openKey], all);
  return { report: evaluateRules(inputs, all), size: JSON.stringify(inputs.document).length };
}

const about: ReadonlySet<string> = new Set(["public_access", "policy_unresolved", "malformed_policy"]);

/** A named file is never passed over in silence, and a certain hole is found. */
function checkNotSilent({ path, text, named }: Source, report: Report): void {
  const { findings, exceptions, problems, unseen, notices, files } = report;
  const isHere = ({ file }: { file: string }): boolean => file === path;
  const unreadable = problems.some(isHere) || unseen.some(isHere);
  if (named === true && !/\.(?:tf|tofu)(?:\.json)?$/.test(path))
    expect(
      unreadable || files.some(isHere) || notices.some(isHere),
      "a named file is passed over in silence",
    );
  if (unreadable || !hasCertainHole(jsonIn(text))) return;
  expect(
    [...findings, ...exceptions].some(({ rule, location }) => about.has(rule) && location.file === path),
    "a certain hole is not found",
  );
}

/** Returns the value of a JSON text, or undefined if it is not JSON or nested too deep to write it again. */
function jsonIn(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    JSON.stringify(value);
    return value;
  } catch {
    return undefined;
  }
}

/** Checks that a JSON text and the same value as YAML have the same findings. */
export function checkSameAsYaml(path: string, text: string): void {
  const value = jsonIn(text);
  if (typeof value !== "object" || value === null) return;
  const json = JSON.stringify(value);
  // YAML excludes these characters, and line breaks of Unicode have a meaning.
  if (/\\ud[89a-f]|[^\t\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/i.test(json)) return;
  const summary = (content: string): string => {
    const { findings, problems } = checked([{ path, named: true, text: content }], {}).report;
    return JSON.stringify([
      findings
        .map(({ rule, verdict, resource, message }) => [
          rule,
          verdict,
          resource,
          message.replace(/line \d+/g, ""),
        ])
        .sort(),
      problems.length > 0,
    ]);
  };
  const [asJson, asYaml] = [summary(json), summary(`# the same as YAML\n${json}\n`)];
  expect(
    asJson === asYaml,
    "JSON and the same value as YAML have different findings",
    () => `${asJson}\n${asYaml}`,
  );
}
