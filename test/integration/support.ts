import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

interface Call {
  cwd: string;
  env?: { [name: string]: string };
}

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program as a user would: without what the test runner and npm left in the environment. */
export function run(command: string, args: string[], { cwd, env = {} }: Call): Ended {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_|GITHUB_|INPUT_|FORCE_COLOR)/i.test(name),
  );
  return spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...Object.fromEntries(own), ...env },
  });
}

/** What a program prints that has to succeed. */
export function output(command: string, args: string[], call: Call): string {
  const { status, stdout, stderr } = run(command, args, call);
  assert.equal(status, 0, `${[command, ...args].join(" ")}\n${stdout}${stderr}`);
  return stdout.trim();
}

/** A folder that is gone after the tests of the file. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "keywarden-integrations-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Whoever commits in the repositories of tests. */
export const author = Object.fromEntries(
  ["GIT_AUTHOR", "GIT_COMMITTER"].flatMap((who) => [
    [`${who}_NAME`, "Test"],
    [`${who}_EMAIL`, "test@example.com"],
  ]),
);

/** The paths of the working tree that a commit would have. */
export const tracked = (): string[] =>
  output("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root }).split("\n");

/** A clone of what the working tree holds, with what the build needs and nothing that is built. */
export function clone(folder: string): string {
  for (const path of tracked()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  output("git", ["init", "--quiet"], { cwd: folder });
  writeFileSync(join(folder, ".git/info/exclude"), "node_modules\n");
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  commit(folder);
  return folder;
}

export function commit(folder: string): void {
  output("git", ["add", "--all"], { cwd: folder });
  output("git", ["commit", "--quiet", "--allow-empty", "--message", "All"], { cwd: folder, env: author });
}
