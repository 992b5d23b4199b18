/** The opa of tools/go.mod. */
import { spawnSync } from "node:child_process";

const opa = new URL("../.cache/bin/opa", import.meta.url).pathname;

/** What no bundle holds. */
export const IGNORE = ["*_test.rego", "examples", "schemas", "testing"].flatMap((name) => ["--ignore", name]);

/** What it prints. Ends the program with OPA's own words where it fails. */
export function run(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(opa, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return stdout;
  stop(error ? `${error.message}: run \`make tools\` first` : `opa ${args[0]}: ${stdout}${stderr}`);
}

/** Ends the program. */
export function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
