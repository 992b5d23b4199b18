/** The examples of the rules, for tests, pages and measurements. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import type { Engine, RuleSettings } from "../src/core/engine/engine.ts";
import { loadTerraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { Report } from "../src/core/model/report.ts";
import { check } from "../src/core/pipeline.ts";

const root = new URL("..", import.meta.url).pathname;

const terraform = loadTerraform(() => readFileSync(`${root}bundles/terraform.wasm`));

/**
 * What is found in an example of a rule: the file as it is, read from nowhere else. Its path is what a report shows, and
 * says whether it is Terraform's source.
 */
export function checkExample(
  engine: Engine,
  rule: string,
  { path, text }: { path: string; text: string },
): Report {
  return check([{ path, text, named: true }], { engine, terraform, settings: exampleSettings(rule) });
}

/** The names of a rule's examples; beside them may stand the settings that they need. */
export const exampleNames = (rule: string): string[] => {
  const folder = `${root}policies/kms/rules/${rule}/examples`;
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name !== "settings.yaml")
        .sort()
    : [];
};

/** The settings that the examples of a rule are checked with: those of its `settings.yaml`. */
export function exampleSettings(rule: string): RuleSettings {
  const path = `${root}policies/kms/rules/${rule}/examples/settings.yaml`;
  if (!existsSync(path)) return {};
  return (load(readFileSync(path, "utf8")) as { keywarden: { settings: RuleSettings } }).keywarden.settings;
}
