import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { watchFiles } from "../../src/node/watch.ts";

const root = mkdtempSync(join(tmpdir(), "keywarden-watch-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** Creates a directory like the mount of a Kubernetes Secret: files are links through `..data`, which is a link too. */
function mounted() {
  const folder = join(root, String(folders++));
  const put = (version: string, content: string) => {
    mkdirSync(join(folder, `..${version}`), { recursive: true });
    writeFileSync(join(folder, `..${version}/tls.crt`), content);
    symlinkSync(`..${version}`, join(folder, "..next"));
    renameSync(join(folder, "..next"), join(folder, "..data"));
  };
  put("1", "one");
  symlinkSync("..data/tls.crt", join(folder, "tls.crt"));
  return { folder, file: join(folder, "tls.crt"), put };
}

/** Counts calls and waits until a number of them is reached. */
function watching(paths: string[]) {
  let calls = 0;
  const stop = watchFiles(paths, () => void calls++, { interval: 10 });
  after(stop);
  const called = async (wanted: number) => {
    for (let i = 0; i < 500 && calls < wanted; i++) await sleep(10);
    assert.equal(calls, wanted);
    await sleep(60);
    assert.equal(calls, wanted, "and not once more");
  };
  return { called, stop, settled: () => sleep(60) };
}

const changes: [string, (mount: ReturnType<typeof mounted>) => void][] = [
  ["another content", ({ file }) => writeFileSync(file, "two")],
  [
    "another content of the same length and time",
    ({ file }) => {
      writeFileSync(file, "eno");
      utimesSync(file, 0, 0);
    },
  ],
  ["the link of a volume that leads elsewhere", ({ put }) => put("2", "two")],
  ["a file that goes", ({ file }) => rmSync(file)],
];

for (const [what, change] of changes)
  test(`${what} is a change and is reported once`, async () => {
    const mount = mounted();
    const { called, settled } = watching([mount.file]);
    await settled();
    change(mount);
    await called(1);
  });

test("a new file is a change, also in a directory", async () => {
  const { folder } = mounted();
  const { called, settled } = watching([join(folder, "new.pem"), folder]);
  await settled();
  writeFileSync(join(folder, "new.pem"), "one");
  await called(1);
  writeFileSync(join(folder, "other.pem"), "one");
  await called(2);
});

test("the same content is not a change: touched, rewritten or moved", async () => {
  const { file, put } = mounted();
  const { called, settled } = watching([file]);
  await settled();
  utimesSync(file, 0, 0);
  writeFileSync(file, "one");
  put("2", "one");
  await called(0);
});

test("a partial write is not reported until the content is stable", async () => {
  const { file } = mounted();
  const seen: string[] = [];
  const stop = watchFiles([file], () => void seen.push(readFileSync(file, "utf8")), { interval: 50 });
  after(stop);
  await sleep(200);
  for (let i = 0; i < 40; i++) {
    writeFileSync(file, `part ${i}`);
    await sleep(5);
  }
  writeFileSync(file, "whole");
  for (let i = 0; i < 500 && seen.length === 0; i++) await sleep(10);
  assert.deepEqual(seen, ["whole"]);
});

test("nothing is reported after the watch stops", async () => {
  const { file } = mounted();
  const { called, settled, stop } = watching([file]);
  await settled();
  stop();
  writeFileSync(file, "two");
  await called(0);
});

test("an error of the callback stops neither the process nor the watch", async () => {
  const { file } = mounted();
  const warnings: string[] = [];
  const heard = ({ message }: Error) => void warnings.push(message);
  process.on("warning", heard);
  after(() => process.off("warning", heard));
  const stop = watchFiles(
    [file],
    async () => {
      throw new Error("no certificate");
    },
    { interval: 10 },
  );
  after(stop);
  await sleep(60);
  for (const content of ["two", "three"]) {
    const before = warnings.length;
    writeFileSync(file, content);
    for (let i = 0; i < 500 && warnings.length === before; i++) await sleep(10);
  }
  assert.deepEqual(warnings, ["no certificate", "no certificate"]);
});
