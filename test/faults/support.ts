import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const program = join(root, "dist/cli.js");

const open = { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" };
export const openPolicy = JSON.stringify({ Version: "2012-10-17", Statement: [open] });

/** A template with a key that everyone can use. Every run has to report it, whatever happens to other files. */
export const orders = JSON.stringify({
  Resources: { Orders: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: JSON.parse(openPolicy) } } },
});

/** Creates a directory with files that is removed after the tests. */
export function folder(files: { [path: string]: string } = { "orders.json": orders }): string {
  const directory = mkdtempSync(join(tmpdir(), "keywarden-faults-"));
  chmodSync(directory, 0o755);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface Result {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** Source of a CommonJS module that runs before the program and replaces functions of `fs`. */
  preload?: string;
  nodeOptions?: string[];
  cli?: string;
  input?: string;
}

/** Runs the program in a directory. The timeout only guards against hanging. */
export function run(directory: string, args: string[], options: RunOptions = {}): Result {
  const { preload, nodeOptions = [], cli = program, input } = options;
  const hooks = preload === undefined ? [] : ["--require", preloaded(preload)];
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeOptions, ...hooks, cli, ...args],
    { cwd: directory, encoding: "utf8", timeout: 120_000, input: input ?? "", maxBuffer: 2 ** 28 },
  );
  return { code: status, signal, stdout, stderr };
}

/** Runs a command line of a shell, in which `$KEYWARDEN` is the program. */
export function shell(directory: string, command: string): Result {
  const { status, signal, stdout, stderr } = spawnSync("bash", ["-c", `set -o pipefail; ${command}`], {
    cwd: directory,
    encoding: "utf8",
    timeout: 120_000,
    env: { ...process.env, KEYWARDEN: `${process.execPath} ${program}` },
  });
  return { code: status, signal, stdout, stderr };
}

function preloaded(source: string): string {
  const directory = folder({
    "preload.cjs": `
      const fs = require("node:fs");
      const path = require("node:path");
      /** Replaces a function. \`replace\` gets the original, and the arguments of each call. */
      const patch = (name, replace) => {
        const original = fs[name];
        fs[name] = Object.assign((...args) => replace(original, ...args), original);
      };
      const systemError = (code) => Object.assign(new Error(code + ": injected"), { code });
      const opened = new Map();
      patch("openSync", (original, file, ...rest) => {
        const descriptor = original(file, ...rest);
        opened.set(descriptor, path.basename(String(file)));
        return descriptor;
      });
      ${source}
      require("node:module").syncBuiltinESMExports();
    `,
  });
  return join(directory, "preload.cjs");
}

/** Asserts that a run reported a fault in one sentence with a remedy, without a stack trace, and judged the other file. */
export function assertReported({ code, signal, stdout, stderr }: Result, message: RegExp): void {
  assert.deepEqual([code, signal], [3, null], stderr);
  assert.match(stderr, message);
  assertNoStackTrace(stderr);
  assert.match(stdout, /public_access/, `orders.json was not judged: ${stderr}`);
}

export const assertNoStackTrace = (text: string): void =>
  assert.doesNotMatch(text, /^\s+at .*(:\d+:\d+\)?|native\))$/m);
