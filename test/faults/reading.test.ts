/** Files that cannot be read, or that change while they are read. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { assertNoStackTrace, assertReported, folder, openPolicy, orders, run, shell } from "./support.ts";

const module = `resource "aws_kms_key" "stock" {\n  policy = ${JSON.stringify(openPolicy)}\n}\n`;

/** Fails each read of a file after the first. */
const failingReads = (file: string, code: string) => `
  const reads = new Map();
  patch("readSync", (original, descriptor, buffer, ...rest) => {
    if (opened.get(descriptor) !== ${JSON.stringify(file)}) return original(descriptor, buffer, ...rest);
    if (reads.has(descriptor)) throw systemError(${JSON.stringify(code)});
    reads.set(descriptor, true);
    return original(descriptor, buffer, 0, Math.min(10, buffer.length), null);
  });`;

/** Runs a statement between the first and the second read of a file. */
const betweenReads = (file: string, statement: string) => `
  let done = false;
  patch("readSync", (original, descriptor, buffer, ...rest) => {
    if (opened.get(descriptor) !== ${JSON.stringify(file)} || done) return original(descriptor, buffer, ...rest);
    done = true;
    const length = original(descriptor, buffer, 0, Math.min(10, buffer.length), null);
    ${statement};
    return length;
  });`;

/** Makes a function fail for paths that end in a name. */
const failing = (name: string, file: string, code: string) => `
  patch("${name}", (original, file, ...rest) => {
    if (path.basename(String(file)) === ${JSON.stringify(file)}) throw systemError("${code}");
    return original(file, ...rest);
  });`;

interface Fault {
  files?: { [path: string]: string };
  make?: (directory: string) => void;
  preload?: string;
  args?: string[];
  message: RegExp;
}

const pipe = (path: string) => execFileSync("mkfifo", [path]);

const faults: { [name: string]: Fault } = {
  "a read fails midway": {
    files: { "bad.json": orders },
    preload: failingReads("bad.json", "EIO"),
    message: /^bad\.json: cannot read: The file cannot be read: EIO\./m,
  },
  "a read of a Terraform file fails midway": {
    files: { "stock/main.tf": module },
    preload: failingReads("main.tf", "EIO"),
    message: /^stock\/main\.tf: cannot read: .*EIO/m,
  },
  "a file vanishes after its directory was listed": {
    files: { "bad.json": orders },
    preload: failing("openSync", "bad.json", "ENOENT"),
    message: /^bad\.json: cannot read: The file or directory does not exist\./m,
  },
  "a file is truncated while it is read": {
    files: { "bad.yaml": `Resources:\n${"  # kms\n".repeat(1000)}` },
    preload: betweenReads("bad.yaml", 'fs.truncateSync("bad.yaml", 12)'),
    message: /^bad\.yaml: cannot read: The file changed while Keywarden read it\./m,
  },
  "a file grows while it is read": {
    files: { "bad.yaml": "# kms\n".repeat(1000) },
    preload: betweenReads("bad.yaml", 'fs.appendFileSync("bad.yaml", "Resources: {}")'),
    message: /^bad\.yaml: cannot read: The file changed while Keywarden read it\./m,
  },
  "a directory cannot be listed": {
    files: { "infra/keys.json": orders },
    preload: failing("readdirSync", "infra", "EACCES"),
    message: /^infra: cannot read: The file or directory is not readable\./m,
  },
  "a directory cannot be entered": {
    files: { "infra/keys.json": orders },
    preload: failing("statSync", "infra", "EACCES"),
    message: /^infra: cannot read: The file or directory is not readable\./m,
  },
  "a child module cannot be listed": {
    files: { "main.tf": 'module "stock" {\n  source = "./stock"\n}\n', "stock/main.tf": module },
    preload: failing("readdirSync", "stock", "EIO"),
    message: /stock.*: cannot read: /m,
  },
  "a link leads to itself": {
    make: (directory) => symlinkSync("loop.json", join(directory, "loop.json")),
    message: /^loop\.json: cannot read: The path contains a loop of symbolic links\./m,
  },
  "a named pipe has no writer": {
    make: (directory) => pipe(join(directory, "pipe")),
    args: ["pipe", "orders.json"],
    message: /^pipe: cannot read: No program writes to this pipe\./m,
  },
  "a Terraform file is a pipe": {
    make: (directory) => pipe(join(directory, "main.tf")),
    message: /^main\.tf: cannot read: It is not a regular file\./m,
  },
  "a device never ends": {
    args: ["/dev/zero", "orders.json"],
    message: /^\/dev\/zero: cannot read: The file is larger than 256 MB\./m,
  },
  "a file in /proc is the memory of a process": {
    args: ["/proc/self/mem", "orders.json"],
    message: /^\/proc\/self\/mem: cannot read: The file cannot be read: EIO\./m,
  },
};

for (const [name, { files = {}, make, preload, args = ["."], message }] of Object.entries(faults))
  test(name, () => {
    const directory = folder({ "orders.json": orders, ...files });
    make?.(directory);
    assertReported(run(directory, ["test", ...args], preload === undefined ? {} : { preload }), message);
  });

test("links between directories are followed once", () => {
  const directory = folder({ "a/orders.json": orders });
  symlinkSync("..", join(directory, "a/up"));
  mkdirSync(join(directory, "b"));
  symlinkSync("../a", join(directory, "b/a"));
  const { code, stdout } = run(directory, ["test", "."]);
  assert.equal(code, 1);
  assert.equal(stdout.match(/public_access/g)?.length, 1);
});

test("pipes in a directory are skipped, and a pipe with a slow writer is read", () => {
  const directory = folder();
  pipe(join(directory, "pipe.json"));
  assert.equal(run(directory, ["test", "."]).code, 1);
  const slow = shell(
    directory,
    "(exec 3>pipe.json; head -c 20 orders.json >&3; sleep 1; tail -c +21 orders.json >&3) & $KEYWARDEN test pipe.json",
  );
  assert.equal(slow.code, 1);
  assert.match(slow.stdout, /public_access/);
  assert.equal(shell(directory, "(sleep 1; cat orders.json) | $KEYWARDEN test -").code, 1);
});

test("a socket is not a file", async () => {
  const directory = folder();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(directory, "socket.json"), resolve));
  try {
    assert.equal(run(directory, ["test", "."]).code, 1);
    assertReported(
      run(directory, ["test", "socket.json", "orders.json"]),
      /^socket\.json: cannot read: The path is a socket, not a file\./m,
    );
  } finally {
    server.close();
  }
});

/** Files that a command refers to. Without them, the whole run is incomplete. */
const noWriter = /No program writes to this pipe\./;
const references: { [name: string]: [name: string, args: string[], pipeMessage: RegExp] } = {
  "a config file": ["keywarden.config.yaml", [], /It is not a regular file\./],
  "a named config file": ["named.yaml", ["--config-file", "named.yaml"], noWriter],
  "a baseline": ["baseline.json", ["--baseline", "baseline.json"], noWriter],
  "a data file": ["data.json", ["--data", "data.json"], noWriter],
};
for (const [name, [file, args, pipeMessage]] of Object.entries(references)) {
  test(`${name} is a pipe`, () => {
    const directory = folder();
    pipe(join(directory, file));
    const { code, stderr } = run(directory, ["test", ...args, "orders.json"]);
    assert.equal(code, 3);
    assert.match(stderr, pipeMessage);
    assertNoStackTrace(stderr);
  });
  test(`a read of ${name} fails`, () => {
    const directory = folder();
    writeFileSync(join(directory, file), "{}");
    const { code, stderr } = run(directory, ["test", ...args, "orders.json"], {
      preload: `${failingReads(file, "EIO")}\n${failing("readFileSync", file, "EIO")}`,
    });
    assert.equal(code, 3, stderr);
    assert.match(stderr, /EIO/, stderr);
    assertNoStackTrace(stderr);
  });
}

test("standard input is closed or empty", () => {
  const directory = folder();
  for (const command of [
    "$KEYWARDEN test - <&-",
    "$KEYWARDEN test - </dev/null",
    "true | $KEYWARDEN test -",
  ]) {
    const { code, stderr } = shell(directory, command);
    assert.equal(code, 3, command);
    assert.match(stderr, /Standard input is empty\./);
  }
});
