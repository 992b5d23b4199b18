/**
 * Tags a release: a commit beside the branch that holds what HEAD does, and what is built. GitHub runs an action as its tag has
 * it and builds nothing; the branch itself stays free of what is built.
 * `tsx scripts/release.ts` makes the tags vX.Y.Z and vX of package.json's version and says what to push.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = process.cwd();
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const [tag, moving] = [`v${version}`, `v${version.split(".")[0]}`];

if (git("status", "--porcelain") !== "") stop("the working tree has changes: commit them first");
if (git("tag", "--list", tag) !== "") stop(`${tag} is tagged already: raise the version of package.json`);
const dated = new RegExp(`^## \\[${version.replaceAll(".", "\\.")}\\] - \\d{4}-\\d\\d-\\d\\d$`, "m");
if (!dated.test(readFileSync(join(root, "CHANGELOG.md"), "utf8")))
  stop(`CHANGELOG.md has no line "## [${version}] - YYYY-MM-DD"`);

const folder = mkdtempSync(join(tmpdir(), "keywarden-release-"));
try {
  // An index of its own: neither the branch nor what is staged is touched.
  process.env.GIT_INDEX_FILE = join(folder, "index");
  git("read-tree", "HEAD");
  git("add", "--force", "dist", "bundles/terraform.wasm.br");
  const tree = git("write-tree");
  const commit = git("commit-tree", tree, "-p", "HEAD", "-m", `Release ${version}`);
  git("tag", "--annotate", tag, commit, "-m", `Keywarden ${version}`);
  git("tag", "--force", moving, commit);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(
  `Tagged. To publish:\n  git push origin ${tag}            (the workflow "release" publishes the package)\n  git push --force origin ${moving}`,
);

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
}

function stop(message: string): never {
  console.error(`release: ${message}`);
  process.exit(1);
}
