/** The examples of the rules, for tests, pages and measurements. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import type { Settings } from "../src/engine/engine.ts";

const root = new URL("..", import.meta.url).pathname;

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
export function exampleSettings(rule: string): Settings {
  const path = `${root}policies/kms/rules/${rule}/examples/settings.yaml`;
  if (!existsSync(path)) return {};
  return (load(readFileSync(path, "utf8")) as { keywarden: { settings: Settings } }).keywarden.settings;
}
