/**
 * The health check of a container: `node dist/health.js`. Checks the server that process 1 runs, or one with the arguments
 * of this program.
 */
import { readFileSync } from "node:fs";
import { packageFiles } from "../../node/package.ts";
import { encodeText } from "../../reporters/encode.ts";
import { argumentsOfProcess, checkHealth } from "./health-check.ts";

const own = process.argv.slice(2);
const args = own.length > 0 ? ["serve", ...own] : argumentsOfProcess(readFileSync("/proc/1/cmdline", "utf8"));
const stderr = (text: string): void => void process.stderr.write(text);

if (args === undefined) {
  stderr(encodeText("keywarden: Process 1 is not Keywarden. Repeat the arguments of keywarden serve.\n"));
  process.exitCode = 1;
} else
  process.exitCode = await checkHealth(args, {
    stdout: () => {},
    stderr,
    env: process.env,
    cwd: process.cwd(),
    asset: packageFiles(import.meta.url),
  });
