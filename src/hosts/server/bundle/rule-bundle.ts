import { loadEngine, type RuleSettings } from "../../../core/engine/engine.ts";
import { hostBuiltins } from "../../../core/engine/host.ts";
import { moduleRevision } from "../../../core/engine/revision.ts";
import { isMap, type JsonMap } from "../../../core/model/json.ts";
import { messageOf } from "../../../core/model/message.ts";
import type { RuleInfo } from "../../../core/model/report.ts";
import { normalizeInputs } from "../../../core/pipeline.ts";
import type { RuleBundle } from "../../../gate/rule-bundle.ts";
import { readRuleSettings } from "../../../session/rule-settings.ts";
import { readJsonObject } from "./version.ts";

const MODULE_PATH = "policy.wasm";

/**
 * Returns the rules in the files of a bundle: `/policy.wasm` with the entrypoint `kms/main`, rule metadata at
 * `keywarden.rules` and rule settings at `keywarden.settings` of `/data.json`, and the revision in `/.manifest`. Throws
 * an Error if one of them is missing or not valid, or if the module cannot evaluate a default key policy.
 */
export function parseRuleBundle(files: Map<string, Uint8Array>): RuleBundle {
  const wasm = files.get(MODULE_PATH);
  if (wasm === undefined)
    throw new Error(`The bundle has no /${MODULE_PATH}. Build it with: opa build -t wasm -e kms/main`);
  const data = childOf(readJsonObject(files, "data.json"), "keywarden");
  const rules = parseRules(childOf(data, "rules"));
  const settings = validateSettings(childOf(data, "settings"), rules);
  const { revision } = readJsonObject(files, ".manifest");
  const bundle = {
    wasm: new Uint8Array(wasm),
    rules,
    revision: typeof revision === "string" && revision !== "" ? revision : moduleRevision(wasm),
    settings,
  };
  assertEvaluates(bundle);
  return bundle;
}

/** Returns an object or list of an object, or an empty object if there is none. */
const childOf = (map: JsonMap, name: string): JsonMap => {
  const value = Object.hasOwn(map, name) ? map[name] : undefined;
  return value !== undefined && (isMap(value) || Array.isArray(value)) ? (value as JsonMap) : {};
};

/** Reads the metadata of the rules, which reports contain. */
function parseRules(value: unknown): RuleInfo[] {
  const rules = Array.isArray(value) ? (value as RuleInfo[]) : [];
  if (rules.length === 0)
    throw new Error("The bundle's /data.json has no keywarden.rules with a list such as bundles/rules.json");
  const invalid = rules.findIndex((rule) => !isRule(rule));
  if (invalid !== -1)
    throw new Error(
      `The bundle's keywarden.rules.${invalid} is not a rule in the format of bundles/rules.json`,
    );
  return rules;
}

const isRule = (rule: unknown): boolean => {
  if (typeof rule !== "object" || rule === null) return false;
  const { level, settings, ...other } = rule as { [name: string]: unknown };
  return (
    ["id", "title", "why", "finds", "remediation", "category"].every(
      (name) => typeof other[name] === "string",
    ) &&
    ["formats", "exceptions", "references"].every((name) => Array.isArray(other[name])) &&
    ["snippets", "controls"].every((name) => typeof other[name] === "object" && other[name] !== null) &&
    ["error", "warning", "note", "off"].includes(String(level)) &&
    typeof settings === "object" &&
    settings !== null
  );
};

function validateSettings(settings: JsonMap, rules: RuleInfo[]): RuleSettings {
  if (Object.keys(settings).length === 0) return {};
  const text = JSON.stringify({ keywarden: { settings } });
  const data = { below: [], source: { path: "data.json", text } };
  const validated = readRuleSettings(new Map([["data.json", [data]]]), rules);
  if (!Array.isArray(validated)) return validated;
  const [first] = validated;
  throw new Error(`The bundle's rule settings are not valid: ${first?.message} ${first?.remedy}`);
}

/** The default key policy of AWS KMS. The rules would not be evaluated for a document without entities. */
const SAMPLE_POLICY = {
  path: "policy.json",
  text: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  }),
};

function assertEvaluates({ wasm, rules, settings }: RuleBundle): void {
  let missing: string[];
  try {
    loadEngine(wasm, rules).evaluate(normalizeInputs([SAMPLE_POLICY]).document, settings);
    missing = hostBuiltins(wasm);
  } catch (error) {
    throw new Error(`The bundle's rules cannot be evaluated: ${messageOf(error)}`);
  }
  // A missing builtin would otherwise fail only the rule that calls it, and only when it is called.
  if (missing.length > 0)
    throw new Error(
      `The bundle's rules call ${missing.join(", ")}, which OPA does not compile to WebAssembly`,
    );
}
