/**
 * Measures the evaluation of Terraform source, compared with checkov: one small directory from a cold start, a module of
 * 1,000 resources, and the largest directory below each argument: `make bench-terraform FOLDER=…`. Installs checkov into
 * .cache/peers. Reports the fastest of several runs, and CPU time, which other programs affect less.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { loadTerraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import { isTerraform } from "../src/core/model/terraform-module.ts";
import { moduleFilesOnDisk } from "../src/node/module-files.ts";
import { python } from "./peers/python.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const checkov = python("checkov");
const RUNS = 3;

const key = (name: string) => `
resource "aws_kms_key" "${name}" {
  description         = "Orders"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::\${data.aws_caller_identity.current.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "${name}" {
  name          = "alias/orders-${name}"
  target_key_id = aws_kms_key.${name}.key_id
}
`;

/** Creates a temporary directory with keys and their aliases. */
function generated(keys: number): string {
  const directory = mkdtempSync(join(tmpdir(), "keywarden-bench-"));
  process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  const blocks = Array.from({ length: keys }, (_, index) => key(`key_${index}`));
  writeFileSync(join(directory, "main.tf"), `data "aws_caller_identity" "current" {}\n${blocks.join("")}`);
  return directory;
}

/** Returns the directory with the most bytes of Terraform source. Throws an Error if there is none. */
function largest(root: string): string {
  const sizes = new Map<string, number>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !isTerraform(entry.name)) continue;
    const { size } = statSync(join(entry.parentPath, entry.name));
    sizes.set(entry.parentPath, (sizes.get(entry.parentPath) ?? 0) + size);
  }
  const [first] = [...sizes].sort(([, a], [, b]) => b - a);
  if (first === undefined) throw new Error(`${root} has no Terraform files`);
  return first[0];
}

/** Returns the wall-clock and CPU time of the fastest run, in seconds. */
function seconds(command: string, args: string[]): { clock: number; cpu: number } {
  const runs = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    const { error, stderr } = spawnSync(
      "bash",
      ["-c", 'TIMEFORMAT="%U %S"; time "$0" "$@" >&2 2>/dev/null', command, ...args],
      {
        stdio: ["ignore", "ignore", "pipe"],
        encoding: "utf8",
      },
    );
    if (error) throw error;
    const [user = 0, system = 0] = (stderr.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
    return { clock: (performance.now() - start) / 1000, cpu: user + system };
  });
  const least = (time: "clock" | "cpu") => Math.min(...runs.map((run) => run[time]));
  return { clock: least("clock"), cpu: least("cpu") };
}

/** Returns the duration of each step within one process, in milliseconds. */
function steps(directory: string): number[] {
  const bytes = readFileSync(join(root, "bundles/terraform.wasm"));
  const terraform = loadTerraform(() => bytes);
  const files = () => moduleFilesOnDisk({ base: directory });
  const timed = (run: () => void) => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  const evaluate = () => terraform.evaluate(files(), { directory, variables: {}, variableFiles: [] });
  const missing = join(directory, "missing");
  return [
    timed(() => terraform.scan(files(), missing)),
    timed(() => terraform.scan(files(), directory)),
    timed(evaluate),
    timed(evaluate),
  ];
}

const cases: [name: string, directory: string][] = [
  ["one key", generated(1)],
  ["1,000 resources", generated(500)],
  ...process.argv.slice(2).map((folder): [string, string] => [`largest of ${folder}`, largest(folder)]),
];
setFlagsFromString("--liftoff-only"); // as the command line does
const header = [
  "load ms",
  "scan ms",
  "evaluate ms",
  "repeat ms",
  "keywarden s",
  "checkov s",
  "ratio",
  "cpu ratio",
];
console.log(header.map((column) => column.padStart(12)).join(""));
for (const [name, directory] of cases) {
  const own = seconds(process.execPath, [join(root, "dist/cli.js"), "test", directory]);
  const options = ["--framework", "terraform", "--quiet", "--compact", "--skip-download"];
  const peer = seconds(checkov, ["-d", directory, ...options]);
  const columns = [
    ...steps(directory).map((time) => time.toFixed(0)),
    ...[own, peer].map(({ clock }) => clock.toFixed(2)),
    (peer.clock / own.clock).toFixed(1),
    (peer.cpu / own.cpu).toFixed(1),
  ];
  console.log(`${columns.map((column) => column.padStart(12)).join("")}  ${name}`);
}
