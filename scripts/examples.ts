/** Gives tests, documentation and benchmarks access to the examples of the rules. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import type { Engine, RuleSettings } from "../src/core/engine/engine.ts";
import { loadTerraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { Report } from "../src/core/model/report.ts";
import { checkInputs } from "../src/core/pipeline.ts";

const root = new URL("..", import.meta.url).pathname;

const terraform = loadTerraform(() => readFileSync(`${root}bundles/terraform.wasm`));

/**
 * Checks an example of a rule, without reading other files. `path` is the path in the report; its extension determines
 * whether the example is Terraform source.
 */
export function checkExample(
  engine: Engine,
  rule: string,
  { path, text }: { path: string; text: string },
): Report {
  return checkInputs([{ path, text, named: true }], { engine, terraform, settings: exampleSettings(rule) });
}

/** Returns the names of a rule's examples, without their settings.yaml. */
export const exampleNames = (rule: string): string[] => {
  const folder = `${root}policies/kms/rules/${rule}/examples`;
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name !== "settings.yaml")
        .sort()
    : [];
};

/** Returns the rule settings for a rule's examples, from their settings.yaml. */
export function exampleSettings(rule: string): RuleSettings {
  const path = `${root}policies/kms/rules/${rule}/examples/settings.yaml`;
  if (!existsSync(path)) return {};
  return (load(readFileSync(path, "utf8")) as { keywarden: { settings: RuleSettings } }).keywarden.settings;
}
