import assert from "node:assert/strict";
import { test } from "node:test";
import { supplyChainProblems } from "../../scripts/check-supply-chain.ts";

const sha = "0123456789abcdef0123456789abcdef01234567";
const digest = `sha256:${"ab".repeat(32)}`;
const checkout = (uses = `actions/checkout@${sha} # v5.0.0`) =>
  `      - uses: ${uses}\n        with: {persist-credentials: false}\n`;
const workflow = (steps = checkout(), start = "on: push\npermissions: {contents: read}\n", job = "") =>
  `${start}jobs:\n  a:\n${job}    steps:\n${steps}`;
const lock = (entry: object) =>
  JSON.stringify({
    packages: { "": {}, "node_modules/a": { license: "MIT", integrity: "sha512-x", ...entry } },
  });

/** A repository without problems. */
const good: { [path: string]: string } = {
  LICENSE: "",
  "SECURITY.md": "",
  Makefile: "install:\n\tnpm ci --ignore-scripts\nverify-bundles:\n",
  ".github/dependabot.yml":
    'updates:\n  - {package-ecosystem: github-actions, directory: /}\n  - {package-ecosystem: npm, directory: /}\n  - {package-ecosystem: gomod, directories: [/terraform]}\n  - {package-ecosystem: docker, directory: "/"}\n  - {package-ecosystem: pip, directory: /tools}\n',
  ".github/workflows/release.yml": workflow(),
  "package.json": '{"devDependencies": {"a": "1"}}',
  "package-lock.json": lock({}),
  "terraform/go.mod": "require example.com/a v1.0.0\n",
  "terraform/go.sum": "",
  "tools/requirements.txt": `# comment\na==1.0 \\\n    --hash=${digest}\n`,
  Dockerfile: `FROM --platform=linux/amd64 node:24@${digest} AS build\nRUN npm ci --ignore-scripts\n`,
  "bundles/policy.wasm": "\0asm",
  "docs/a.md": `\`\`\`yaml\n${workflow(`${checkout()}      - uses: keywarden/keywarden@v0\n      - uses: ./\n`)}\`\`\`\n`,
};

/** Returns the problems after some files are changed or, if undefined, removed. */
function problems(changes: { [path: string]: string | undefined }): string[] {
  const files = Object.entries({ ...good, ...changes }).filter(([, text]) => text !== undefined);
  const texts = new Map(files as [string, string][]);
  return supplyChainProblems({
    paths: [...texts.keys()],
    read: (path) => Buffer.from(texts.get(path) ?? ""),
  });
}

test("a repository without problems", () => assert.deepEqual(problems({}), []));

const ci = ".github/workflows/ci.yml";
const cases: [name: string, changes: { [path: string]: string | undefined }, problem: RegExp][] = [
  ["a tag", { [ci]: workflow(checkout("actions/checkout@v5")) }, /Pin actions\/checkout@v5/],
  [
    "a branch of an action in a directory",
    { [ci]: workflow("      - uses: a/b/c@main\n") },
    /Pin a\/b\/c@main/,
  ],
  ["a commit without a version", { [ci]: workflow(checkout(`actions/checkout@${sha}`)) }, /Add the version/],
  ["a short version", { [ci]: workflow(checkout(`actions/checkout@${sha} # v5`)) }, /Add the version/],
  [
    "two commits of a version",
    { [ci]: workflow(checkout(`actions/checkout@${sha.replace("0", "f")} # v5.0.0`)) },
    /has another commit/,
  ],
  [
    "a tag in a page",
    { "docs/b.md": "```yaml\njobs: {a: {steps: [{uses: x/y@v1}]}}\n```\n" },
    /b\.md: Pin x\/y@v1/,
  ],
  ["a tag in the action", { "action.yml": "runs: {steps: [{uses: x/y@v1}]}\n" }, /action\.yml: Pin x\/y@v1/],
  ["no permissions", { [ci]: workflow(checkout(), "on: push\n") }, /must have "permissions/],
  ["all permissions", { [ci]: workflow(checkout(), "on: push\npermissions: write-all\n") }, /must have/],
  [
    "all permissions of a job",
    { [ci]: workflow(checkout(), undefined, "    permissions: write-all\n") },
    /List the/,
  ],
  [
    "a privileged trigger",
    { [ci]: workflow(checkout(), "on: {pull_request_target: {}}\npermissions: {contents: read}\n") },
    /pull_request_target gives permissions/,
  ],
  [
    "credentials on disk",
    { [ci]: workflow(`      - uses: actions/checkout@${sha} # v5.0.0\n`) },
    /persist-cred/,
  ],
  [
    "an expression in a command",
    { [ci]: workflow("      - run: echo ${{ github.event.issue.title }}\n") },
    /Pass expressions to a command in env: echo/,
  ],
  [
    "an expression in a command of a page",
    { "docs/b.md": `\`\`\`yaml\njobs: {a: {steps: [{uses: ./}, {run: "x \${{ github.ref }}"}]}}\n\`\`\`\n` },
    /b\.md: Pass expressions/,
  ],
  ["no integrity", { "package-lock.json": lock({ integrity: undefined }) }, /no SHA-512 integrity/],
  ["weak integrity", { "package-lock.json": lock({ integrity: "sha1-x" }) }, /no SHA-512 integrity/],
  ["a registry", { "package-lock.json": lock({ resolved: "https://r.example/a.tgz" }) }, /names a registry/],
  ["another license", { "package-lock.json": lock({ license: "AGPL-3.0" }) }, /AGPL-3\.0 is not allowed/],
  ["no license", { "package-lock.json": lock({ license: undefined }) }, /undefined is not allowed/],
  [
    "a license that adds to another",
    { "package-lock.json": lock({ license: "MIT AND GPL-3.0" }) },
    /not allowed/,
  ],
  ["no lock file", { "package-lock.json": undefined }, /There is no package-lock\.json/],
  ["no go.sum", { "terraform/go.sum": undefined }, /There is no go\.sum/],
  ["a requirement without a hash", { "tools/requirements.txt": "a==1.0\n" }, /a has no version or hash/],
  ["an image by tag", { Dockerfile: "FROM node:24\n" }, /Pin the image node:24/],
  ["install scripts", { Makefile: "x:\n\tnpm ci\nverify-bundles:\n" }, /Makefile:2: Use --ignore-scripts/],
  ["a binary file", { "tool.bin": "a\0b" }, /Binary files can't be reviewed/],
  ["a generated file that nothing verifies", { Makefile: "x:\n" }, /no target verify-bundles/],
  ["no security policy", { "SECURITY.md": undefined }, /The file is missing/],
  ["dependencies that are not updated", { "x/package-lock.json": lock({}) }, /no entry for npm \/x/],
];

for (const [name, changes, problem] of cases)
  test(`a problem is found: ${name}`, () => {
    const found = problems(changes);
    assert.equal(found.length, 1, found.join("\n"));
    assert.match(found[0] ?? "", problem);
  });

test("one license of a choice is enough, and a bundled package needs no integrity", () => {
  assert.deepEqual(problems({ "package-lock.json": lock({ license: "(MIT OR GPL-3.0-or-later)" }) }), []);
  assert.deepEqual(problems({ "package-lock.json": lock({ integrity: undefined, inBundle: true }) }), []);
});
