import { loadEngine, type RuleSettings } from "../../../core/engine/engine.ts";
import { hostBuiltins } from "../../../core/engine/host.ts";
import { moduleRevision } from "../../../core/engine/revision.ts";
import { isMap, type JsonMap } from "../../../core/model/json.ts";
import { messageOf } from "../../../core/model/message.ts";
import type { RuleInfo } from "../../../core/model/report.ts";
import type { Json } from "../../../core/model/source.ts";
import { normalizeInputs } from "../../../core/pipeline.ts";
import type { Policy } from "../../../gate/policy.ts";
import { readRuleSettings } from "../../../session/rule-settings.ts";

const MODULE = "policy.wasm";

/**
 * The policy that a bundle's files hold: `/policy.wasm` with the entrypoint `kms/main`, what is known about its rules
 * at `keywarden.rules` of `/data.json`, their settings at `keywarden.settings`, the revision in `/.manifest`. Throws an
 * Error where one of them is missing or wrong, or where the module cannot judge a key's default policy.
 */
export function policyOf(files: Map<string, Uint8Array>): Policy {
  const wasm = files.get(MODULE);
  if (wasm === undefined)
    throw new Error(`The bundle has no /${MODULE}: build it with \`opa build -t wasm -e kms/main\``);
  const ours = below(read(files, "data.json"), "keywarden");
  const rules = rulesOf(below(ours, "rules"));
  const settings = checkedSettings(below(ours, "settings"), rules);
  const { revision } = read(files, ".manifest");
  const policy = {
    wasm: new Uint8Array(wasm),
    rules,
    revision: typeof revision === "string" && revision !== "" ? revision : moduleRevision(wasm),
    settings,
  };
  tried(policy);
  return policy;
}

function read(files: Map<string, Uint8Array>, path: string): JsonMap {
  const file = files.get(path);
  if (file === undefined) return {};
  try {
    const value: Json = JSON.parse(Buffer.from(file).toString());
    if (isMap(value)) return value;
  } catch {
    // Said below.
  }
  throw new Error(`The bundle's /${path} is no JSON object`);
}

const below = (map: JsonMap, name: string): JsonMap => {
  const value = Object.hasOwn(map, name) ? map[name] : undefined;
  return value !== undefined && (isMap(value) || Array.isArray(value)) ? (value as JsonMap) : {};
};

/** Reports tell about every rule by these. */
function rulesOf(value: unknown): RuleInfo[] {
  const rules = Array.isArray(value) ? (value as RuleInfo[]) : [];
  if (rules.length === 0)
    throw new Error("The bundle's /data.json has no keywarden.rules, a list like bundles/rules.json");
  const wrong = rules.findIndex((rule) => !isRule(rule));
  if (wrong !== -1)
    throw new Error(`The bundle's keywarden.rules.${wrong} is no rule as in bundles/rules.json`);
  return rules;
}

const isRule = (rule: unknown): boolean => {
  if (typeof rule !== "object" || rule === null) return false;
  const { level, settings, ...of } = rule as { [name: string]: unknown };
  return (
    ["id", "title", "why", "finds", "remediation", "category"].every(
      (name) => typeof of[name] === "string",
    ) &&
    ["formats", "exceptions", "references"].every((name) => Array.isArray(of[name])) &&
    ["snippets", "controls"].every((name) => typeof of[name] === "object" && of[name] !== null) &&
    ["error", "warning", "note", "off"].includes(String(level)) &&
    typeof settings === "object" &&
    settings !== null
  );
};

function checkedSettings(settings: JsonMap, rules: RuleInfo[]): RuleSettings {
  if (Object.keys(settings).length === 0) return {};
  const text = JSON.stringify({ keywarden: { settings } });
  const data = { below: [], source: { path: "data.json", text } };
  const checked = readRuleSettings(new Map([["data.json", [data]]]), rules);
  if (!Array.isArray(checked)) return checked;
  const [first] = checked;
  throw new Error(`The bundle's settings are wrong: ${first?.message} ${first?.remedy}`);
}

/** The policy that AWS gives a key: a document without entities would not be evaluated at all. */
const sample = {
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

function tried({ wasm, rules, settings }: Policy): void {
  let missing: string[];
  try {
    loadEngine(wasm, rules).evaluate(normalizeInputs([sample]).document, settings);
    missing = hostBuiltins(wasm);
  } catch (error) {
    throw new Error(`The bundle's rules do not work: ${messageOf(error)}`);
  }
  // Only the rule that calls one would fail, and only when it does.
  if (missing.length > 0)
    throw new Error(
      `The bundle's rules call ${missing.join(", ")}, which OPA does not compile to WebAssembly`,
    );
}
