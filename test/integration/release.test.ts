import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import { root } from "./support.ts";

interface Job {
  permissions?: { [scope: string]: string };
  steps: { run?: string; uses?: string; with?: { [input: string]: unknown } }[];
}

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const workflow = load(read(".github/workflows/release.yml")) as {
  on: { push: { tags: string[]; branches?: string[] } };
  permissions: { [scope: string]: string };
  jobs: { [name: string]: Job };
};
const { publish } = workflow.jobs as { publish: Job };
const commands = publish.steps.flatMap(({ run }) => run ?? []);

test("only a release tag is published", () => {
  assert.deepEqual(workflow.on, { push: { tags: ["v*.*.*"] } });
  const tags = read("scripts/release.ts");
  assert.match(tags, /\[`v\$\{version\}`, /, "the moving tag has no dots");
});

test("the workflow publishes to npm with its OIDC identity, without a token", () => {
  assert.deepEqual(workflow.permissions, { contents: "read" });
  assert.deepEqual(publish.permissions, { contents: "read", "id-token": "write" });
  assert.doesNotMatch(read(".github/workflows/release.yml"), /secrets\.|NODE_AUTH_TOKEN/);
  const [node] = publish.steps.filter(({ uses }) => uses?.startsWith("actions/setup-node@"));
  assert.ok(Number(node?.with?.["node-version"]) >= 24, "the npm of older versions cannot do that");
});

test("the build output is compared before it is published", () => {
  const at = (text: string) => {
    const found = commands.findIndex((command) => command.startsWith(text));
    assert.notEqual(found, -1, text);
    return found;
  };
  const order = ["npm ci", "git diff --exit-code", "make verify-bundles", "npm pack", "npm publish"].map(at);
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
  const targets = read("Makefile");
  for (const [, target] of commands.join("\n").matchAll(/^make ([\w-]+)/gm))
    assert.match(targets, new RegExp(`^${target}:`, "m"));
});
