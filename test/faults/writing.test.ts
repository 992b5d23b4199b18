/** Outputs that cannot be written: a full disk, a closed pipe, a slow reader. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { assertNoStackTrace, folder, openPolicy, orders, run, shell } from "./support.ts";

const rootPolicy = openPolicy.replace(
  '"*","Action":"kms:Decrypt"',
  '{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*"',
);

/** Commands whose output is lost, without and with findings. */
const lost: { [command: string]: RegExp | null } = {
  "$KEYWARDEN test FILE >/dev/full": /^keywarden: Standard output cannot be written: ENOSPC\. /m,
  "$KEYWARDEN test -o json FILE >/dev/full": /^keywarden: Standard output cannot be written: ENOSPC\. /m,
  "$KEYWARDEN test -o json=/dev/full FILE":
    /^\/dev\/full: cannot write: The file cannot be written: ENOSPC\./m,
  "$KEYWARDEN baseline --baseline /dev/full FILE": /^\/dev\/full: cannot /m,
  "$KEYWARDEN baseline FILE >/dev/full": /^keywarden: Standard output cannot be written: ENOSPC\. /m,
  "$KEYWARDEN normalize FILE >/dev/full": /^keywarden: Standard output cannot be written: ENOSPC\. /m,
  "$KEYWARDEN rules >/dev/full": /^keywarden: Standard output cannot be written: ENOSPC\. /m,
  "$KEYWARDEN --version >/dev/full": /^keywarden: Standard output cannot be written: ENOSPC\. /m,
  "$KEYWARDEN test -o json FILE | true": null,
  "$KEYWARDEN normalize FILE | true": null,
};
for (const [command, message] of Object.entries(lost))
  test(`lost output is no pass: ${command}`, () => {
    const directory = folder({ "open.json": orders, "closed.json": rootPolicy });
    for (const file of ["open.json", "closed.json"]) {
      // The reader of the pipe is gone before the first write.
      const waited = command.replace("| true", "2>err | true").replace("$KEYWARDEN", "sleep 0.5; $KEYWARDEN");
      const { code, stderr } = shell(directory, waited.replace("FILE", file));
      assert.equal(code, 3, stderr);
      if (message === null) assert.equal(readFileSync(join(directory, "err"), "utf8"), "");
      else assert.match(stderr, message);
      assertNoStackTrace(stderr);
    }
  });

test("a reader that takes the first line ends the run without a message", () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`K${i}`, JSON.parse(orders).Resources.Orders]),
  );
  const directory = folder({ "many.json": JSON.stringify({ Resources: many }) });
  const { code, stdout, stderr } = shell(directory, "$KEYWARDEN test many.json | head -1");
  assert.deepEqual([code, stderr], [3, ""]);
  assert.equal(stdout.split("\n").length, 2);
});

test("a slow reader gets all of a large output", () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [`K${i}`, JSON.parse(orders).Resources.Orders]),
  );
  const directory = folder({ "many.json": JSON.stringify({ Resources: many }) });
  const slow = shell(
    directory,
    "$KEYWARDEN test -o sarif many.json | (sleep 1; dd bs=4k status=none >out.json)",
  );
  assert.equal(slow.code, 1);
  const { runs } = JSON.parse(readFileSync(join(directory, "out.json"), "utf8"));
  assert.equal(
    runs[0].results.filter(({ ruleId }: { ruleId: string }) => ruleId.endsWith("public_access")).length,
    300,
  );
});

test("messages that cannot be written do not change the result", () => {
  const directory = folder({ "orders.json": orders, "bad.json": "{" });
  for (const target of ["/dev/full", "&-"])
    for (const [file, expected] of [
      ["orders.json", 1],
      ["bad.json", 3],
    ] as const) {
      const { code } = shell(directory, `$KEYWARDEN test ${file} 2>${target}`);
      assert.equal(code, expected, `${file} ${target}`);
    }
});

test("files are written before a closed standard output", () => {
  const directory = folder();
  const { code } = shell(
    directory,
    "(sleep 0.5; $KEYWARDEN test -o text -o json=report.json orders.json) | true",
  );
  assert.equal(code, 3);
  assert.match(readFileSync(join(directory, "report.json"), "utf8"), /public_access/);
});

test("a limit on the size of files is an error", () => {
  const directory = folder();
  const { code, stderr } = shell(
    directory,
    "ulimit -f 1; $KEYWARDEN test -o sarif=report.sarif orders.json 2>/dev/null >/dev/null",
  );
  assert.notEqual(code, 0, stderr);
  assert.notEqual(code, 1);
});

test("a disk that is full midway leaves the error of each file", () => {
  const directory = folder();
  const preload = `
    patch("writeFileSync", (original, file, text) => {
      original(file, text.slice(0, 20));
      throw systemError("ENOSPC");
    });`;
  const { code, stdout, stderr } = run(
    directory,
    ["test", "-o", "text", "-o", "json=a.json", "-o", "sarif=b.sarif", "orders.json"],
    { preload },
  );
  assert.equal(code, 3);
  assert.match(stderr, /^a\.json: cannot write: The file cannot be written: ENOSPC\./m);
  assert.match(stderr, /^b\.sarif: cannot write: The file cannot be written: ENOSPC\./m);
  assert.match(stdout, /public_access/);
});

test("a baseline that cannot be written keeps its old content", () => {
  const directory = folder();
  assert.equal(run(directory, ["baseline", "--baseline", "known.json", "orders.json"]).code, 0);
  const known = readFileSync(join(directory, "known.json"), "utf8");
  writeFileSync(join(directory, "more.json"), orders);
  const preload = `
    patch("writeFileSync", (original, file, text) => {
      original(file, text.slice(0, 20));
      throw systemError("ENOSPC");
    });`;
  const { code, stderr } = run(directory, ["baseline", "--baseline", "known.json", "."], { preload });
  assert.equal(code, 3);
  assert.match(stderr, /^known\.json: cannot write: The file cannot be written: ENOSPC\./m);
  assert.equal(readFileSync(join(directory, "known.json"), "utf8"), known);
});

test("a read-only directory is judged, and nothing is written to it", () => {
  const directory = folder();
  const preload = `
    for (const name of ["writeFileSync", "mkdirSync", "mkdtempSync", "appendFileSync", "renameSync"])
      patch(name, () => { throw systemError("EROFS"); });`;
  const { code, stdout } = run(directory, ["test", "."], { preload });
  assert.equal(code, 1);
  assert.match(stdout, /public_access/);
  const failed = run(directory, ["test", "-o", "json=report.json", "."], { preload });
  assert.equal(failed.code, 3);
  assert.match(failed.stderr, /^report\.json: cannot write: The file cannot be written: EROFS\./m);
  assert.equal(existsSync(join(directory, "report.json")), false);
});
