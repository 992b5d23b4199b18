import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = new URL("../../", import.meta.url).pathname;
const venv = join(root, ".cache/peers/venv");

/** Installs the tools in requirements.txt into .cache/peers, and returns the path of one. Needs Python 3.11 or later, and network access. */
export function python(tool: string): string {
  const path = join(venv, "bin", tool);
  if (!existsSync(path)) {
    run("python3", ["-m", "venv", venv]);
    run(join(venv, "bin/pip"), ["install", "--quiet", "-r", join(root, "bench/peers/requirements.txt")]);
  }
  return path;
}

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} exited with ${status}`);
}
