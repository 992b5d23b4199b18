#!/usr/bin/env node
import { writeSync } from "node:fs";
import { packageFiles } from "../../node/package.ts";
import { OutputError } from "../../session/host-io.ts";
import { main } from "./main.ts";

/** Writes all of the text, and waits if a pipe is full. Throws an OutputError. */
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (code !== "EAGAIN") throw new OutputError(code, { cause: error });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Writes a message. If that fails, only the exit code reports the result. */
function writeMessage(text: string): void {
  try {
    write(2, text);
  } catch {}
}

process.exitCode = main(process.argv.slice(2), {
  stdout: (text) => write(1, text),
  stderr: writeMessage,
  env: process.env,
  cwd: process.cwd(),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  stderrIsTerminal: process.stderr.isTTY === true,
  asset: packageFiles(import.meta.url),
  serve: (options, start) => {
    // Loaded on demand, because no other command needs the server.
    const server = new URL("serve.js", import.meta.url).href;
    import(server).then(({ runServer }) => runServer(options, start));
  },
});
