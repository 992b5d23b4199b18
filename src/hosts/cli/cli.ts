#!/usr/bin/env node
import { writeSync } from "node:fs";
import { packageFiles } from "../../node/package.ts";
import { main } from "./main.ts";

/** Writes all of a text, also into a pipe that is full; ends in peace when nobody reads on. */
function write(descriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

process.exitCode = main(process.argv.slice(2), {
  stdout: (text) => write(1, text),
  stderr: (text) => write(2, text),
  env: process.env,
  cwd: process.cwd(),
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  stderrIsTerminal: process.stderr.isTTY === true,
  asset: packageFiles(import.meta.url),
  serve: (settings, start) => {
    // A file of its own: no other command needs it.
    const server = new URL("serve.js", import.meta.url).href;
    import(server).then(({ runServer }) => runServer(settings, start));
  },
});
