import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { onNode } from "./nodes.ts";
import { author, clone, commit, output, root, run, scratch } from "./support.ts";

const folder = scratch();
const repository = clone(join(folder, "repository"));
const bad = join(root, "examples/cross-account-without-root/policy.json");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const archive = join(folder, `keywarden-${version}.tgz`);

test("npm pack builds and packs a clone, and prints only the file name", () => {
  assert.equal(output("npm", ["pack"], { cwd: repository }), `keywarden-${version}.tgz`);
  cpSync(join(repository, `keywarden-${version}.tgz`), archive);
});

test("the package installs into an empty prefix without a network, and runs", () => {
  const prefix = join(folder, "prefix");
  const offline = ["--offline", "--cache", join(folder, "cache"), "--no-audit", "--no-fund"];
  output("npm", ["install", "--global", "--prefix", prefix, ...offline, archive], { cwd: folder });
  assert.equal(output(join(prefix, "bin/keywarden"), ["--version"], { cwd: folder }), `keywarden ${version}`);
  assert.equal(run(join(prefix, "bin/keywarden"), ["test", bad], { cwd: folder }).status, 1);
  const installed = join(prefix, "lib/node_modules/keywarden");
  for (const path of [
    "bundles/bundle.tar.gz",
    "bundles/terraform.wasm.br",
    "dist/sbom.cdx.json",
    "dist/licenses.txt",
    "policies/schemas",
    "dist/types",
    "dist/types/hosts/cdk/index.d.cts",
    "LICENSE",
  ])
    assert.ok(existsSync(join(installed, path)), path);
  for (const path of ["bundles/terraform.wasm", "dist/action.js", "src", "test", "node_modules"])
    assert.ok(!existsSync(join(installed, path)), path);
});

test("the package has no install scripts and no dependencies", () => {
  const about = JSON.parse(output("tar", ["xzOf", archive, "package/package.json"], { cwd: folder }));
  for (const kind of ["dependencies", "optionalDependencies", "peerDependencies", "bundleDependencies"])
    assert.ok(!(kind in about), kind);
  for (const script of ["preinstall", "install", "postinstall"])
    assert.ok(!(script in about.scripts), script);
  assert.ok(!output("tar", ["tzf", archive], { cwd: folder }).includes("binding.gyp"), "npm would build it");
  assert.deepEqual(about.publishConfig, { access: "public", provenance: true });
  // npm compares it with the repository of the workflow that publishes.
  assert.equal(about.repository.url, "git+https://github.com/keywarden/keywarden.git");
});

test("the package is smaller than 3 MB without the Terraform evaluator, and smaller than 4.5 MB with it", () => {
  const whole = statSync(archive).size;
  const evaluator = statSync(join(repository, "bundles/terraform.wasm.br")).size;
  assert.ok(whole < 4.5e6, `${whole} bytes`);
  assert.ok(whole - evaluator < 3e6, `${whole - evaluator} bytes without ${evaluator}`);
});

for (const major of [20, 22, 24]) onNode(major, folder, archive);

test("a release tag points to a commit with the build output, whose parent is the branch", () => {
  const release = () =>
    run("npx", ["--no-install", "tsx", "scripts/release.ts"], { cwd: repository, env: author });
  const changelog = join(repository, "CHANGELOG.md");
  const dated = (date: string) =>
    writeFileSync(
      changelog,
      readFileSync(changelog, "utf8").replace(/^(## \[\d.*\]) - .*$/m, `$1 - ${date}`),
    );
  assert.match(release().stderr, /The working tree has changes/, "the archive is there");
  rmSync(join(repository, `keywarden-${version}.tgz`));
  dated("unreleased");
  commit(repository);
  assert.match(release().stderr, /CHANGELOG\.md has no line "## \[[\d.]+\] - YYYY-MM-DD"/);
  dated("2026-11-24");
  commit(repository);

  const git = (...args: string[]) => output("git", args, { cwd: repository });
  const head = git("rev-parse", "HEAD");
  assert.match(release().stdout, new RegExp(`git push origin v${version.replaceAll(".", "\\.")}`));
  assert.equal(git("rev-parse", "HEAD"), head);
  assert.equal(git("status", "--porcelain"), "");
  assert.equal(git("rev-parse", `v${version}^{commit}~`), head);
  assert.equal(git("rev-parse", `v${version.split(".")[0]}`), git("rev-parse", `v${version}^{commit}`));
  const added = git("diff", "--name-only", head, `v${version}`).split("\n");
  const built = added.filter((path) => !/^dist\/(types\/|chunk-)/.test(path));
  assert.deepEqual(built, [
    "bundles/terraform.wasm.br",
    ...[
      "action.js",
      "aws-lambda.js",
      "browser.js",
      "cdk.cjs",
      "cdk.js",
      "cli.js",
      "health.js",
      "index.cjs",
      "index.js",
      "licenses.txt",
      "sbom.cdx.json",
      "serve.js",
      "worker.js",
    ].map((name) => `dist/${name}`),
  ]);
  assert.match(release().stderr, /tag v[\d.]+ already exists/);
});

test("the action runs from a checkout of the tag without installed dependencies", () => {
  const checkout = join(folder, "checkout");
  const tag = ["--branch", `v${version}`, "--config", "advice.detachedHead=false"];
  output("git", ["clone", "--quiet", "--depth", "1", ...tag, `file://${repository}`, checkout], {
    cwd: folder,
  });
  assert.ok(!readdirSync(checkout).includes("node_modules"));
  const env = {
    INPUT_PATHS: bad,
    INPUT_OUTPUT: "github",
    GITHUB_OUTPUT: join(folder, "output"),
    RUNNER_TEMP: folder,
  };
  const { status, stdout, stderr } = run(process.execPath, [join(checkout, "dist/action.js")], {
    cwd: folder,
    env,
  });
  assert.equal(status, 1, stderr);
  assert.match(stdout, /^::error .*file=/m);
  assert.equal(
    readFileSync(env.GITHUB_OUTPUT, "utf8").replace(/<<(keywarden-[\w-]+)\n(.*)\n\1$/gm, "=$2"),
    "exit-code=1\nsarif-file=\nfailures=2\nwarnings=0\nunknown=0\n",
  );
});

test("the tag installs from git in the same way as pre-commit installs it", () => {
  const prefix = join(folder, "hooks");
  const tag = `git+file://${repository}#v${version}`;
  output("npm", ["install", "--global", "--install-links", "--prefix", prefix, "--offline", tag], {
    cwd: folder,
  });
  const keywarden = join(prefix, "bin/keywarden");
  assert.equal(run(keywarden, ["test", bad], { cwd: folder }).status, 1);
  const source = join(root, "policies/kms/rules/key_not_retained/examples/fail.source.tf");
  assert.match(run(keywarden, ["test", source], { cwd: folder }).stdout, /key_not_retained/);
});
