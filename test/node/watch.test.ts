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
import { after, type TestContext, test } from "node:test";
import { watchFiles } from "../../src/node/watch.ts";
import { until } from "../until.ts";

const root = mkdtempSync(join(tmpdir(), "keywarden-watch-"));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** Creates a directory as Kubernetes mounts a Secret: its files are links through `..data`, which is a link itself. */
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

/** Watches paths on a simulated clock, and counts the calls. */
async function watching(t: TestContext, paths: string[], changed: () => void | Promise<void> = () => {}) {
  const delays: number[] = [];
  let calls = 0;
  let due: () => Promise<void>;
  let scheduled = () => {};
  const first = new Promise<void>((resolve) => {
    scheduled = resolve;
  });
  const stop = watchFiles(
    paths,
    () => {
      calls += 1;
      return changed();
    },
    {
      setTimeout(look, delay) {
        due = look;
        delays.push(delay);
        scheduled();
        return setTimeout(() => {}, 0);
      },
    },
  );
  t.after(stop);
  await first;
  return { delays, stop, calls: () => calls, look: () => due() };
}

const changes: [string, (mount: ReturnType<typeof mounted>) => void][] = [
  ["different content", ({ file }) => writeFileSync(file, "two")],
  [
    "different content of the same length and time",
    ({ file }) => {
      writeFileSync(file, "eno");
      utimesSync(file, 0, 0);
    },
  ],
  ["a volume link with another target", ({ put }) => put("2", "two")],
  ["a deleted file", ({ file }) => rmSync(file)],
];

for (const [what, change] of changes)
  test(`${what} is reported once, as soon as it is stable`, async (t) => {
    const mount = mounted();
    const { look, calls, delays } = await watching(t, [mount.file]);
    change(mount);
    await look();
    assert.equal(calls(), 0);
    await look();
    assert.equal(calls(), 1);
    await look();
    assert.equal(calls(), 1);
    assert.deepEqual(delays, [5000, 200, 5000, 5000]);
  });

test("a new file is a change, and so is a new file in a watched directory", async (t) => {
  const { folder } = mounted();
  const { look, calls } = await watching(t, [join(folder, "new.pem"), folder]);
  for (const [index, name] of ["new.pem", "other.pem"].entries()) {
    writeFileSync(join(folder, name), "one");
    await look();
    await look();
    assert.equal(calls(), index + 1);
  }
});

test("the same content is not a change: touched, written again, or behind another link", async (t) => {
  const { file, put } = mounted();
  const { look, calls, delays } = await watching(t, [file]);
  utimesSync(file, 0, 0);
  writeFileSync(file, "one");
  put("2", "one");
  await look();
  await look();
  assert.equal(calls(), 0);
  assert.deepEqual(delays, [5000, 5000, 5000]);
});

test("a file that is still being written is not reported", async (t) => {
  const { file } = mounted();
  const seen: string[] = [];
  const { look } = await watching(t, [file], () => void seen.push(readFileSync(file, "utf8")));
  for (const content of ["part 1", "part 2", "part 3", "whole"]) {
    writeFileSync(file, content);
    await look();
  }
  assert.deepEqual(seen, []);
  await look();
  assert.deepEqual(seen, ["whole"]);
});

test("a watch that was stopped reports nothing", async (t) => {
  const { file } = mounted();
  const { look, calls, stop, delays } = await watching(t, [file]);
  writeFileSync(file, "two");
  await look();
  stop();
  await look();
  assert.equal(calls(), 0);
  assert.equal(delays.length, 2);
});

test("a callback that throws ends neither the process nor the watch", async (t) => {
  const { file } = mounted();
  const warnings: string[] = [];
  const onWarning = ({ message }: Error) => void warnings.push(message);
  process.on("warning", onWarning);
  t.after(() => process.off("warning", onWarning));
  const { look } = await watching(t, [file], async () => {
    throw new Error("no certificate");
  });
  for (const content of ["two", "three"]) {
    writeFileSync(file, content);
    await look();
    await look();
  }
  // Node emits warnings on the next tick.
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(warnings, ["no certificate", "no certificate"]);
});

test("a watch polls on a real clock", async () => {
  const { file } = mounted();
  let calls = 0;
  const stop = watchFiles([file], () => void calls++, { interval: 10 });
  after(stop);
  // The first look may take longer than expected: change the file again after a second.
  let version = 0;
  await until(() => {
    if (version++ % 200 === 20) writeFileSync(file, String(version));
    return calls > 0;
  });
});
