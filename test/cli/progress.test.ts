import assert from "node:assert/strict";
import { test } from "node:test";
import { statusLineOn } from "../../src/hosts/cli/progress.ts";
import type { Io } from "../../src/session/host-io.ts";

/** Returns what a run writes to standard error if it reads a file every 60 milliseconds. */
function written(around: Partial<Io>, files: number): string {
  let written = "";
  let now = 0;
  const io = {
    stdout: () => {},
    stderr: (text: string) => {
      written += text;
    },
    env: {},
    cwd: "/",
    asset: () => new Uint8Array(),
    ...around,
  };
  const progress = statusLineOn(io, () => now);
  for (let file = 1; file <= files; file++) {
    now = file * 60;
    progress.show(`Reading: ${file} files`);
  }
  progress.end();
  return written;
}

const clear = "\r\u001B[K";

test("a long run shows its status on a terminal, and clears it at the end", () => {
  assert.equal(
    written({ stderrIsTerminal: true }, 20),
    `${clear}Reading: 17 files${clear}Reading: 19 files${clear}`,
  );
});

test("the status fits into a line of the terminal", () => {
  assert.equal(written({ stderrIsTerminal: true, columns: 0 }, 17), `${clear}Reading: 17 files${clear}`);
  assert.equal(written({ stderrIsTerminal: true, columns: 11 }, 17), `${clear}Reading: 1${clear}`);
});

test("short runs, logs, CI and dumb terminals show no status", () => {
  assert.equal(written({ stderrIsTerminal: true }, 16), "");
  assert.equal(written({}, 100), "");
  assert.equal(written({ stderrIsTerminal: true, env: { CI: "true" } }, 100), "");
  assert.equal(written({ stderrIsTerminal: true, env: { TERM: "dumb" } }, 100), "");
});
