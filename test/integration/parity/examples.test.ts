import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const root = new URL("../../..", import.meta.url).pathname;
const conftest = join(root, ".cache/bin/conftest");

interface Result {
  msg: string;
  loc: { file: string; line: number };
  metadata: { rule: string; level: string; verdict: string; resource: string; statement?: string | null };
}

interface CheckResult {
  skipped?: Result[];
  warnings?: Result[];
  failures?: Result[];
}

test("the CLI and conftest report the same findings for every example", {
  skip: existsSync(conftest) ? false : "conftest is not built: make tools",
}, () => {
  const inputs = examples();
  assert.ok(inputs.length > 20, `${inputs.length} examples`);
  const folder = mkdtempSync(join(tmpdir(), "keywarden-parity-"));
  try {
    const document = join(folder, "document.json");
    writeFileSync(document, keywarden("normalize", ...inputs));
    const ours = findings(keywarden("test", "-o", "json", ...inputs));
    const theirs = findings(
      run(conftest, "test", "-p", "policies", "--parser", "json", "-o", "json", document),
    );
    assert.ok(ours.length > 0);
    assert.deepEqual(ours, theirs);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the CLI and conftest report the same findings with a rule settings file", {
  skip: existsSync(conftest) ? false : "conftest is not built: make tools",
}, () => {
  const input = "policies/kms/rules/short_deletion_window/examples/fail.cloudformation.yaml";
  const folder = mkdtempSync(join(tmpdir(), "keywarden-settings-"));
  try {
    const document = join(folder, "document.json");
    const settings = join(folder, "settings.yaml");
    writeFileSync(settings, "keywarden:\n  settings:\n    short_deletion_window: {minimum: 7}\n");
    writeFileSync(document, keywarden("normalize", input));
    const theirs = (...args: string[]) =>
      findings(run(conftest, "test", "-p", "policies", "--parser", "json", "-o", "json", ...args, document));
    const ours = (...args: string[]) => findings(keywarden("test", "-o", "json", ...args, input));
    const without = theirs();
    assert.ok(without.some((finding) => finding.includes("| short_deletion_window |")));
    assert.deepEqual(ours(), without);
    const changed = theirs("--data", settings);
    assert.ok(!changed.some((finding) => finding.includes("| short_deletion_window |")));
    assert.deepEqual(ours("--data", settings), changed);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The examples of the rules and those of the project, relative to the root. */
function examples(): string[] {
  const rules = readdirSync(join(root, "policies/kms/rules")).map(
    (rule) => `policies/kms/rules/${rule}/examples`,
  );
  return [...rules, "examples"].flatMap((folder) => filesBelow(folder)).sort();
}

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(json|ya?ml)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
}

const keywarden = (...args: string[]) =>
  run(process.execPath, "--import", "tsx", "src/hosts/cli/cli.ts", ...args);

/** What a command prints; 1 says that it found something. */
function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  assert.ok(
    (status === 0 || status === 1) && stdout !== "",
    `${[command, ...args].slice(0, 6).join(" ")} …: exit code ${status}\n${stderr}`,
  );
  return stdout;
}

/** One line for each finding, in a fixed order; conftest has none. */
function findings(json: string): string[] {
  return (JSON.parse(json) as CheckResult[])
    .flatMap(({ skipped = [], warnings = [], failures = [] }) => [...skipped, ...warnings, ...failures])
    .map(({ msg, loc, metadata: { rule, level, verdict, resource, statement } }) =>
      [loc.file, loc.line, rule, level, verdict, resource, statement ?? "", msg].join(" | "),
    )
    .sort();
}
