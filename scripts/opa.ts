/** Runs the OPA version in tools/go.mod. */
import { spawnSync } from "node:child_process";

const opa = new URL("../.cache/bin/opa", import.meta.url).pathname;

/** Options to exclude files from bundles. */
export const IGNORE = ["*_test.rego", "examples", "schemas", "testing"].flatMap((name) => ["--ignore", name]);

/** Returns OPA's output. Exits with OPA's error message if it fails. */
export function run(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(opa, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return stdout;
  stop(error ? `${error.message}. Run \`make tools\` first.` : `opa ${args[0]}: ${stdout}${stderr}`);
}

/** Exits with 1 and a message. */
export function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
