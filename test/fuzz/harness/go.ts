/** Finds and runs the fuzz targets of terraform/, which Go's own fuzzing runs. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const module = fileURLToPath(new URL("../../../terraform/", import.meta.url));

interface GoTarget {
  name: string;
  /** Directory of the package, relative to the module. */
  directory: string;
}

export function goTargets(): GoTarget[] {
  return readdirSync(module, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("_test.go"))
    .sort()
    .flatMap((path) =>
      [...readFileSync(join(module, path), "utf8").matchAll(/^func (Fuzz\w+)\(/gm)].map(([, name = ""]) => ({
        name,
        directory: dirname(path),
      })),
    );
}

/** Runs a target for a time. Go saves an input that fails in testdata/fuzz, and prints how to repeat it. */
export async function runGoTarget(
  { name, directory }: GoTarget,
  seconds: number,
): Promise<{ passed: boolean; summary: string }> {
  const parameters = ["test", "-run=^$", `-fuzz=^${name}$`, `-fuzztime=${seconds}s`, `./${directory}`];
  const child = spawn("go", parameters, { cwd: module, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) return { passed: false, summary: `failed\n${output.slice(-4000)}` };
  const [, inputs = "0", kept = "0"] = /.*execs: (\d+).*total: (\d+)/s.exec(output) ?? [];
  const rate = Math.round(Number(inputs) / Math.max(seconds, 1));
  return { passed: true, summary: `${inputs} inputs, ${rate}/s, ${kept} kept, 0 failures` };
}
