import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "node:test";
import { type PathInput, type ReadOptions, readPaths } from "../../src/node/read.ts";

const root = mkdtempSync(join(tmpdir(), "keywarden-read-"));
after(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;

/** Creates a directory with these files. */
function folder(files: { [path: string]: string | Uint8Array }): string {
  const dir = join(root, `case-${folders++}`);
  mkdirSync(dir);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
  return dir;
}

/** Returns a line for each input, with its path relative to the directory. An asterisk marks named paths. */
function read(dir: string, paths: string[], options: ReadOptions = {}): string[] {
  const whole = paths.map((path) => (path === "-" ? path : `${dir}/${path}`));
  return [...readPaths(whole, options)].map((input) => line(input).replaceAll(`${dir}/`, ""));
}

function line(input: PathInput): string {
  const mark = input.named ? "*" : "";
  if (input.kind === "source") return `${input.source.path}${mark}`;
  if (input.kind === "module") {
    const { directory, only } = input.module;
    return `${directory}/${mark}: module${only === undefined ? "" : ` (${only.join()})`}`;
  }
  if (input.kind === "empty") return `${input.path}${mark}: empty`;
  if (input.kind === "skipped") return `${input.path}${mark}: ${input.reason}`;
  const { file, line: at, message } = input.problem;
  return `${file}${mark}${at === undefined ? "" : `:${at}`}: ${message}`;
}

const kms = "AWS::KMS::Key";

describe("readPaths: files and directories", () => {
  it("reads Terragrunt units and Terraform stacks, whatever they contain", () => {
    const dir = folder({
      "a/terragrunt.hcl": "",
      "b/keys.tfcomponent.hcl": "",
      "b/prod.tfdeploy.hcl": "",
      "c/terragrunt.stack.hcl": "",
      "d/other.hcl": kms,
    });
    assert.deepEqual(read(dir, [""]), [
      "a/terragrunt.hcl",
      "b/keys.tfcomponent.hcl",
      "b/prod.tfdeploy.hcl",
      "c/terragrunt.stack.hcl",
    ]);
  });

  it("names files about KMS that it skips because of an extension of templates", () => {
    const template = (type: string) => `{"Resources": {"A": {"Type": "${type}"}}}`;
    const dir = folder({
      "a.json": kms,
      "key.cfn": template("AWS::KMS::Key"),
      "topic.cfn": template("AWS::SNS::Topic"),
      "readme.md": template("AWS::KMS::Key"),
    });
    assert.deepEqual(read(dir, [""]), ["a.json", "key.cfn: extension"]);
  });

  it("walks directories in order and reads files with known extensions", () => {
    const dir = folder({
      "b.yaml": kms,
      "a/z.JSON": kms,
      "a/b/c.yml": kms,
      "c.template": kms,
      "d.tpl": kms,
      "e.txt": kms,
      "README.md": kms,
      ".hidden.json": kms,
      ".git/x.json": kms,
      ".cache/x.json": kms,
      ".terraform/x.json": kms,
      "node_modules/x.json": kms,
    });
    const all = [".hidden.json", "a/b/c.yml", "a/z.JSON", "b.yaml", "c.template", "d.tpl", "e.txt"];
    assert.deepEqual(read(dir, [""]), all);
    assert.deepEqual(read(dir, ["a/"]), ["a/b/c.yml", "a/z.JSON"]);
    assert.deepEqual(read(dir, [""], { ignore: /\/a\/b|[cd]\.t/ }), [
      ".hidden.json",
      "a/z.JSON",
      "b.yaml",
      "e.txt",
    ]);
    assert.deepEqual(read(dir, [".cache"]), [".cache/x.json"], "a hidden folder that is named");
  });

  it("ignores files by their paths like conftest: also named files, and directories only through their files", () => {
    const dir = folder({
      "a.json": kms,
      "modules/b.json": kms,
      "main.tf": "",
      "other.tf": "",
      "ignored/main.tf": "",
    });
    assert.deepEqual(read(dir, ["a.json", "modules"], { ignore: /a\.json$/ }), [
      "a.json*: ignored",
      "modules/b.json",
    ]);
    assert.deepEqual(read(dir, ["modules"], { ignore: /modules$/ }), ["modules/b.json"]);
    const configuration = ["/*: module (main.tf)"];
    assert.deepEqual(read(dir, [""], { ignore: /json$|other\.tf|ignored/ }), configuration);
  });

  it("matches ignore patterns against paths without a leading ./", () => {
    const asked: string[] = [];
    const test = (path: string) => asked.push(path) < 0;
    assert.ok([...readPaths(["./test/../test/cases/README.md"], { ignore: { test } })].length > 0);
    assert.deepEqual(asked, ["test/cases/README.md"]);
  });

  it("reports directories without files", () => {
    const dir = folder({ "a/README.md": kms, "b/k.json": kms, "c/node_modules/k.json": kms });
    assert.deepEqual(read(dir, ["a", "b", "b", "c"]), ["a*: empty", "b/k.json", "c*: empty"]);
  });

  it("reads a named file regardless of its name and content", () => {
    const dir = folder({ ".hidden": "", "notes.md": "nothing" });
    assert.deepEqual(read(dir, ["notes.md", ".hidden"]), ["notes.md*", ".hidden*"]);
  });

  it("skips files in a directory that contain nothing about KMS", () => {
    const dir = folder({
      "a.json": '{"name": "package"}',
      "b.json": "{}",
      "key.yaml": "alias: Kms",
      "policy.json": '{"Statement": []}',
      "utf16.txt": Buffer.from("\ufeffnothing", "utf16le"),
    });
    const skipped = [
      "a.json: no-kms-content",
      "b.json*",
      "key.yaml",
      "policy.json",
      "utf16.txt: no-kms-content",
    ];
    assert.deepEqual(read(dir, ["", "b.json"]), skipped);
  });

  const hidden: [what: string, content: string | Buffer][] = [
    ["a JSON escape", String.raw`{"Type": "AWS::\u004bMS::Key"}`],
    ["a JSON escape inside a JSON string", String.raw`{"policy": "{\"Action\": \"\\u006bms:*\"}"}`],
    ["an escaped backslash of an escape", String.raw`{"policy": "{\"Action\": \"\u005cu006bms:*\"}"}`],
    ["escapes of all letters", String.raw`{"\u0053\u0074\u0061\u0074\u0065\u006D\u0065\u006e\u0074": []}`],
    ["a short YAML escape", String.raw`Type: "AWS::K\x4DS::Key"`],
    ["a long YAML escape", String.raw`Type: "AWS::K\U0000004dS::Key"`],
    ["an escaped line break", 'Type: "AWS::K\\\n  MS::Key"'],
    ["an escaped line break of Windows", 'Type: "AWS::K\\\r\n  MS::Key"'],
    ["the tag of a data store", "Type: AWS::S3::Bucket\nProperties: {Tags: [{Key: data-class, Value: pii}]}"],
  ];
  for (const [what, content] of hidden)
    it(`reads a file in a directory that may concern KMS only because of ${what}`, () => {
      const dir = folder({ "a.yaml": content, "b.json": String.raw`{"text": "\u003cb\u003e \x48 \\n"}` });
      assert.deepEqual(read(dir, [""]), ["a.yaml", "b.json: no-kms-content"]);
    });

  it("reports UTF-16 without a byte order mark", () => {
    const dir = folder({ "a.json": Buffer.from('{"Type": "AWS::KMS::Key"}', "utf16le") });
    const [input] = readPaths([dir]);
    assert.equal(
      input?.kind === "problem" && input.problem.message,
      "The file is encoded in UTF-16 (little-endian).",
    );
  });

  it("returns each file once, even if several paths and links lead to it", () => {
    const dir = folder({ "a/k.json": kms, "a/l.json": kms });
    symlinkSync("k.json", join(dir, "a/m.json"));
    symlinkSync("..", join(dir, "a/up"));
    symlinkSync("a", join(dir, "b"));
    assert.deepEqual(read(dir, ["a", "a/", "b", "a/k.json", "a/../a/l.json"]), ["a/k.json*", "a/l.json*"]);
  });

  it("follows a link to a directory elsewhere", () => {
    const dir = folder({ "a/x.txt": "", "elsewhere/k.json": kms });
    symlinkSync("../elsewhere", join(dir, "a/link"));
    assert.deepEqual(read(dir, ["a"]), ["a/link/k.json", "a/x.txt: no-kms-content"]);
  });

  it("strips a byte order mark and keeps the rest unchanged", () => {
    const dir = folder({ "k.json": '\ufeff{"é": "\r\n😀"}' });
    const [input] = readPaths([`${dir}/k.json`]);
    assert.deepEqual(input, {
      kind: "source",
      named: true,
      source: { path: `${dir}/k.json`, text: '{"é": "\r\n😀"}' },
    });
  });
});

describe("readPaths: standard input", () => {
  it("reads it once, as -", () => {
    const dir = folder({ input: "a: 1" });
    const stdin = openSync(join(dir, "input"), "r");
    const inputs = [...readPaths(["-", "-"], { stdin })];
    closeSync(stdin);
    assert.deepEqual(inputs, [{ kind: "source", named: true, source: { path: "-", text: "a: 1" } }]);
  });

  it("waits for a slow pipe", () => {
    const started = join(folder({}), "started");
    execFileSync("mkfifo", [started]);
    const script = `
      const { writeFileSync } = await import("node:fs");
      const { readPaths } = await import(${JSON.stringify(new URL("../../src/node/read.ts", import.meta.url).href)});
      writeFileSync(${JSON.stringify(started)}, "");
      const [input] = readPaths(["-"]);
      process.stdout.write(input.source.text);
    `;
    const command = `(printf a; cat "${started}"; sleep 0.1; printf b) | "${process.execPath}" --import tsx --input-type=module -e '${script}'`;
    const { stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
    assert.equal(stdout, "ab", stderr);
  });
});

describe("readPaths: an unreadable file is a problem, and the others are read", () => {
  const bad = Buffer.concat([Buffer.from("a: kms\nb: é\nc: "), Buffer.from([0xe9]), Buffer.from("\nd: 1\n")]);
  const dir = folder({
    "good.json": kms,
    "latin1.yaml": bad,
    "le.json": Buffer.from("\ufeffkms", "utf16le"),
    "be.json": Buffer.from("\ufeffkms", "utf16le").swap16(),
    "utf32.json": Buffer.from([0xff, 0xfe, 0, 0, 0x6b, 0, 0, 0, 0x6d, 0, 0, 0, 0x73, 0, 0, 0]),
    "large.json": "kms".repeat(100),
  });
  symlinkSync("loop.json", join(dir, "loop.json"));
  symlinkSync("nowhere.json", join(dir, "dangling.json"));
  symlinkSync("nowhere.json", join(dir, ".#lock.json"));
  execFileSync("mkfifo", [join(dir, "pipe.json")]);

  it("below a directory", () => {
    assert.deepEqual(read(dir, [""], { maxBytes: 200 }), [
      "be.json: The file is encoded in UTF-16 (big-endian).",
      "dangling.json: The file or directory does not exist.",
      "good.json",
      "large.json: The file is larger than 200 bytes.",
      "latin1.yaml:3: The line contains bytes that are not valid UTF-8.",
      "le.json: The file is encoded in UTF-16 (little-endian).",
      "loop.json: The path contains a loop of symbolic links.",
      "pipe.json: not-a-regular-file",
      "utf32.json: The file is encoded in UTF-32 (little-endian).",
    ]);
  });

  const named: [path: string, told: string][] = [
    ["absent", "absent*: The file or directory does not exist."],
    ["good.json/x", "good.json/x*: A part of the path is a file, not a directory."],
    ["latin1.yaml", "latin1.yaml*:3: The line contains bytes that are not valid UTF-8."],
    ["x".repeat(300), `${"x".repeat(300)}*: The path is too long.`],
  ];
  for (const [path, told] of named)
    it(`named: ${path.slice(0, 20)}`, () =>
      assert.deepEqual(read(dir, [path, "good.json"]), [told, "good.json*"]));

  it("an endless file", { skip: process.platform === "win32" }, () => {
    const [input] = readPaths(["/dev/zero"], { maxBytes: 3 * 1024 * 1024 });
    assert.equal(input && line(input), "/dev/zero*: The file is larger than 3 MB.");
  });

  it("a file without read permission", { skip: process.platform === "win32" }, () => {
    const locked = folder({ "a.json": kms, "b/c.json": kms, "d.json": kms });
    chmodSync(root, 0o755);
    chmodSync(join(locked, "a.json"), 0);
    chmodSync(join(locked, "b"), 0);
    // Permissions do not apply to the root user.
    const superuser = process.geteuid?.() === 0;
    if (superuser) process.seteuid?.(65534);
    try {
      assert.deepEqual(
        read(locked, ["."]).map((l) => l.replace("./", "")),
        [
          "a.json: The file or directory is not readable.",
          "b: The file or directory is not readable.",
          "d.json",
        ],
      );
    } finally {
      if (superuser) process.seteuid?.(0);
      chmodSync(join(locked, "b"), 0o755);
    }
  });
});
