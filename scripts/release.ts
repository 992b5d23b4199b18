/**
 * Tags a release: creates a commit outside the branch with the files of HEAD and the build output. GitHub runs an action
 * from the files in its tag and builds nothing; the branch itself contains no build output.
 * `tsx scripts/release.ts` creates the tags vX.Y.Z and vX for the version in package.json, and prints the push commands.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = process.cwd();
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const [tag, moving] = [`v${version}`, `v${version.split(".")[0]}`];

if (git("status", "--porcelain") !== "") stop("The working tree has changes. Commit them first.");
if (git("tag", "--list", tag) !== "")
  stop(`The tag ${tag} already exists. Increase the version in package.json.`);
const dated = new RegExp(`^## \\[${version.replaceAll(".", "\\.")}\\] - \\d{4}-\\d\\d-\\d\\d$`, "m");
if (!dated.test(readFileSync(join(root, "CHANGELOG.md"), "utf8")))
  stop(`CHANGELOG.md has no line "## [${version}] - YYYY-MM-DD"`);

const folder = mkdtempSync(join(tmpdir(), "keywarden-release-"));
try {
  // A separate index leaves the branch and the staged changes untouched.
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
  `Tagged. To publish:\n  git push origin ${tag}            (the "release" workflow publishes the package)\n  git push --force origin ${moving}`,
);

function git(...args: string[]): string {
  return execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
}

function stop(message: string): never {
  console.error(`release: ${message}`);
  process.exit(1);
}
