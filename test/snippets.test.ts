/** What the rules tell to write instead is valid, and ends what they find. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { exampleNames, exampleSettings } from "../scripts/examples.ts";
import { loadEngine } from "../src/core/engine/engine.ts";
import { loadTerraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { Finding, RuleInfo } from "../src/core/model/report.ts";
import type { Json } from "../src/core/model/source.ts";
import { checkInputs } from "../src/core/pipeline.ts";
import {
  type Map,
  objectsIn,
  parsePolicy,
  parseTemplate,
  pasteIntoObjects,
  pasteIntoPlan,
  pasteIntoPolicy,
  pasteIntoTemplate,
} from "./snippets-support.ts";

const root = new URL("..", import.meta.url).pathname;
const rules = JSON.parse(readFileSync(`${root}bundles/rules.json`, "utf8")) as RuleInfo[];
const engine = loadEngine(readFileSync(`${root}bundles/policy.wasm`), rules);
const terraform = loadTerraform(() => readFileSync(`${root}bundles/terraform.wasm`));
const conftest = join(root, ".cache/bin/conftest");

/** Snippets that do not end what is found by themselves, and why. */
const apart: { [snippet: string]: string } = {
  "immutable_change kubernetes": "the old key goes back to what it was",
  "immutable_change terraform": "the old key goes back to what it was",
  "key_material_in_code terraform": "the resource takes its material from the variable",
  "policy_set_twice kubernetes": "the other policy is taken out",
  "policy_set_twice terraform": "the other policy is taken out",
  "policy_too_large policy": "it takes the place of the statements for single principals",
  "policy_too_large kubernetes": "it takes the place of the statements for single principals",
  "policy_too_large cloudformation": "it takes the place of the statements for single principals",
  "policy_too_large terraform": "it takes the place of the statements for single principals",
  "replica_primary cloudformation": "the primary is in another template",
  "replica_primary kubernetes": "the primary is made one of several Regions",
  "replica_primary terraform": "the primary is made one of several Regions",
};

type Snippet = keyof RuleInfo["snippets"];
const FORMATS: { [format: string]: Snippet } = {
  policy: "policy",
  cloudformation: "cloudformation",
  plan: "terraform",
  kubernetes: "kubernetes",
};

const found = (rule: string, path: string, text: string): Finding[] => {
  const { findings, problems } = checkInputs([{ path, text, named: true }], {
    engine,
    terraform,
    settings: exampleSettings(rule),
  });
  assert.deepEqual(problems, []);
  return findings.filter((finding) => finding.rule === rule);
};

/** The failing examples of a rule; of one that never fails, the unknown ones. */
const failing = (rule: string, format: string): string[] => {
  const names = exampleNames(rule).filter((name) => name.includes(`.${format}.`));
  const failed = names.filter((name) => name.startsWith("fail"));
  return failed.length > 0 ? failed : names.filter((name) => name.startsWith("unknown"));
};

/** An example; of a policy that another tool fills in nothing can be read. */
function inputOf(text: string): Map {
  if (!text.trimStart().startsWith("{")) return parseTemplate(text) as Map;
  try {
    return JSON.parse(text) as Map;
  } catch {
    return {};
  }
}

function paste(format: string, text: string, snippet: Json, { resource, location }: Finding): Json {
  if (format === "kubernetes") return pasteIntoObjects(objectsIn(text), snippet, resource, location.pointer);
  const input = inputOf(text);
  if (format === "policy") return pasteIntoPolicy(input, snippet, location.pointer);
  if (format === "plan") return pasteIntoPlan(input, snippet as Map, location.pointer);
  return pasteIntoTemplate(input, snippet, resource, location.pointer);
}

/** Whether pasting a snippet at each finding, one after the other, leaves none. */
function ends(rule: string, format: string, example: string, snippet: Json): boolean {
  let text = readFileSync(`${root}policies/kms/rules/${rule}/examples/${example}`, "utf8");
  for (let round = 0; round < 5; round++) {
    const [finding] = found(rule, `example.${format}.json`.replace("policy.", ""), text);
    if (finding === undefined) return round > 0;
    text = JSON.stringify(paste(format, text, snippet, finding));
  }
  return false;
}

function endsSome(rule: string, format: string, snippet: Json): void {
  const examples = failing(rule, format);
  const ended = examples.filter((example) => ends(rule, format, example, snippet));
  const why = apart[`${rule} ${FORMATS[format]}`];
  assert.equal(
    ended.length > 0,
    why === undefined,
    why ?? `ends what is found in one of ${examples.join(", ")}`,
  );
}

for (const { id, snippets } of rules) {
  const { policy, cloudformation } = snippets;
  if (policy !== undefined) test(`${id}: the policy`, () => endsSome(id, "policy", parsePolicy(policy)));
  if (cloudformation !== undefined && failing(id, "cloudformation").length > 0)
    test(`${id}: CloudFormation`, () => endsSome(id, "cloudformation", parseTemplate(cloudformation)));
}

for (const { id, snippets } of rules.filter(({ formats }) => formats.includes("kubernetes"))) {
  const { policy = "", kubernetes = policy } = snippets;
  // A policy is JSON, also there.
  const isObjects = /^\w+:/m.test(kubernetes);
  test(`${id}: Kubernetes`, () =>
    endsSome(id, "kubernetes", isObjects ? objectsIn(kubernetes) : parsePolicy(kubernetes)));
}

/** HCL as conftest reads it. An object, or several, is no file of its own. */
function readHcl(snippets: { [rule: string]: string }): { [rule: string]: Map } {
  const folder = mkdtempSync(join(tmpdir(), "snippets-"));
  try {
    const files = Object.entries(snippets).map(([rule, text]) => {
      const encoded = text.replace(/^policy = jsonencode\(([\s\S]*)\)$/, "snippet = $1");
      writeFileSync(
        join(folder, `${rule}.tf`),
        encoded.startsWith("{") ? `snippet = [${encoded}]\n` : `${encoded}\n`,
      );
      return join(folder, `${rule}.tf`);
    });
    const { stdout, stderr, status } = spawnSync(
      conftest,
      ["parse", "--parser", "hcl2", "--combine", ...files],
      {
        encoding: "utf8",
      },
    );
    assert.equal(status, 0, stderr);
    const parsed = JSON.parse(stdout) as { path: string; contents: Map }[];
    return Object.fromEntries(
      parsed.map(({ path, contents }) => [path.slice(folder.length + 1, -".tf".length), contents]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("Terraform", { skip: existsSync(conftest) ? false : "conftest is not built: make tools" }, async (t) => {
  const written = rules.flatMap(({ id, snippets: { terraform } }) =>
    terraform === undefined ? [] : [[id, terraform]],
  );
  const read = readHcl(Object.fromEntries(written));
  assert.equal(Object.keys(read).length, written.length);
  for (const [id, snippet] of Object.entries(read))
    if (failing(id, "plan").length > 0) await t.test(id, () => endsSome(id, "plan", snippet));
});

/** Of rules that only the source of Terraform can break: what stands inside the snippet's block, inside the failing one. */
for (const { id, formats, snippets } of rules.filter(({ formats }) => !formats.includes("plan")))
  if (formats.includes("source"))
    test(`${id}: Terraform source`, () => {
      const inner = snippets.terraform?.trimEnd().split("\n").slice(1, -1) ?? [];
      const [example = ""] = failing(id, "source");
      const lines = readFileSync(`${root}policies/kms/rules/${id}/examples/${example}`, "utf8").split("\n");
      const [finding] = found(id, "main.tf", lines.join("\n"));
      assert.ok(finding !== undefined, example);
      lines.splice(finding.location.line, 0, ...inner);
      assert.deepEqual(found(id, "main.tf", lines.join("\n")), []);
    });
