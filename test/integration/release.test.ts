import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import { root } from "./support.ts";

interface Job {
  needs?: string | string[];
  permissions?: { [scope: string]: string };
  steps: { run?: string; uses?: string; with?: { [input: string]: unknown } }[];
}

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const workflow = load(read(".github/workflows/release.yml")) as {
  on: { push: { tags: string[]; branches?: string[] } };
  permissions: { [scope: string]: string };
  jobs: { [name: string]: Job };
};
const { build, image, chart, publish } = workflow.jobs as {
  [name in "build" | "image" | "chart" | "publish"]: Job;
};
const commandsOf = ({ steps }: Job): string[] => steps.flatMap(({ run }) => run ?? []);

test("only a release tag is published", () => {
  assert.deepEqual(workflow.on, { push: { tags: ["v*.*.*"] } });
  const tags = read("scripts/release.ts");
  assert.match(tags, /\[`v\$\{version\}`, /, "the moving tag has no dots");
});

test("the workflow publishes to npm with its OIDC identity, without a token", () => {
  assert.deepEqual(workflow.permissions, { contents: "read" });
  assert.deepEqual(publish.permissions, { contents: "write", "id-token": "write", attestations: "write" });
  assert.doesNotMatch(read(".github/workflows/release.yml"), /secrets\.|NODE_AUTH_TOKEN/);
  const [node] = publish.steps.filter(({ uses }) => uses?.startsWith("actions/setup-node@"));
  assert.ok(Number(node?.with?.["node-version"]) >= 24, "the npm of older versions cannot do that");
});

test("the job that runs the code of dependencies has no permissions, and the job that publishes runs none", () => {
  assert.equal(build.permissions, undefined);
  assert.ok(commandsOf(build).includes("npm ci --ignore-scripts"));
  assert.doesNotMatch(commandsOf(publish).join("\n"), /npm ci|npm install|npx|npm run|make /);
  assert.ok(!publish.steps.some(({ uses }) => uses?.startsWith("actions/checkout@")));
  assert.deepEqual(
    [image.needs, chart.needs, publish.needs],
    ["build", "image", ["build", "image", "chart"]],
  );
});

test("the job that publishes the chart packages the directory that the tests render", () => {
  inOrder(commandsOf(chart).join("\n").split("\n"), [
    "set -o pipefail",
    "helm package deploy/helm/keywarden",
    "helm push",
  ]);
});

const inOrder = (commands: string[], expected: string[]) => {
  const order = expected.map((text) => commands.findIndex((command) => command.includes(text)));
  assert.ok(!order.includes(-1), `${expected[order.indexOf(-1)]} in ${commands.join("\n")}`);
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  );
};

test("the build output is compared before it is published", () => {
  const commands = commandsOf(build);
  inOrder(commands, [
    "npm ci",
    "npm audit signatures",
    "npm run prepare",
    "git diff --exit-code",
    "make verify-bundles",
    "scripts/pack.ts",
    "scripts/verify-dist.ts keywarden-*.tgz",
    "cp keywarden-*.tgz",
  ]);
  const targets = read("Makefile");
  for (const [, target] of commands.join("\n").matchAll(/^make ([\w-]+)/gm))
    assert.match(targets, new RegExp(`^${target}:`, "m"));
});

test("the release has checksums and provenance of each file, of the image and of the chart", () => {
  inOrder(commandsOf(publish), [
    "sha256sum -- *",
    "npm publish --provenance ./release/keywarden-",
    "gh release create",
  ]);
  const attested = [image, chart, publish].flatMap(({ steps }) =>
    steps.filter(({ uses }) => uses?.startsWith("actions/attest-build-provenance@")).map((step) => step.with),
  );
  assert.equal(attested[0]?.["subject-name"], "ghcr.io/keywarden/keywarden");
  assert.equal(attested[1]?.["subject-name"], "ghcr.io/keywarden/charts/keywarden");
  assert.equal(attested[2]?.["subject-path"], "release/*");
});
