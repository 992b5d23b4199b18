/**
 * Compiles policies/ into bundles/:
 *   policy.wasm     what the command line evaluates
 *   bundle.tar.gz   the same rules as Rego, for OPA servers and conftest
 *   rules.json      what the METADATA of the rules says
 * `tsx scripts/bundle.ts` writes them; `--verify` builds to a temporary folder and exits with 1 where they differ.
 * Paths are relative to policies/: OPA writes them into the module, and the bytes must not depend on the machine.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RuleInfo } from "../src/model/report.ts";

const root = new URL("..", import.meta.url).pathname;
const opa = join(root, ".cache/bin/opa");
const FILES = ["policy.wasm", "bundle.tar.gz", "rules.json"];
const IGNORE = ["*_test.rego", "examples", "schemas", "testing"].flatMap((name) => ["--ignore", name]);

interface Annotation {
  path: { value: string }[];
  annotations: {
    scope: string;
    title?: string;
    description?: string;
    related_resources?: { ref: string }[];
    custom?: { level?: RuleInfo["level"]; remediation?: string };
  };
}

function build(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const wasmBundle = join(folder, "wasm.tar.gz");
  const regoBundle = join(folder, "bundle.tar.gz");
  run("build", "-t", "wasm", "-e", "kms/main", ...IGNORE, "-o", wasmBundle, "kms");
  writeFileSync(join(folder, "policy.wasm"), extract(wasmBundle, "/policy.wasm"));
  rmSync(wasmBundle);
  run("build", "-b", "-t", "rego", ...IGNORE, "-o", regoBundle, ".");
  const { annotations } = JSON.parse(run("inspect", "-a", "-f", "json", regoBundle)) as {
    annotations: Annotation[];
  };
  writeFileSync(join(folder, "rules.json"), `${JSON.stringify(rulesOf(annotations), null, 2)}\n`);
}

/** Ends the program with OPA's own words where it fails. */
function run(...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(opa, args, {
    cwd: join(root, "policies"),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  if (status === 0) return stdout;
  console.error(error ? `${error.message}: run \`make tools\` first` : `opa ${args[0]}: ${stdout}${stderr}`);
  process.exit(1);
}

function extract(archive: string, member: string): Buffer {
  return execFileSync("tar", ["-xzOf", archive, member], {
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function rulesOf(annotations: Annotation[]): RuleInfo[] {
  return annotations
    .filter((a) => a.annotations.scope === "package" && pathOf(a).startsWith("data/kms/rules/"))
    .map((a): RuleInfo => {
      const { title, description, related_resources, custom } = a.annotations;
      if (!title || !description || !custom?.level || !custom.remediation)
        throw new Error(
          `${pathOf(a)}: METADATA needs title, description, custom.level and custom.remediation`,
        );
      return {
        id: a.path.at(-1)?.value ?? "",
        title,
        level: custom.level,
        why: description,
        remediation: custom.remediation,
        references: (related_resources ?? []).map(({ ref }) => ref),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

const pathOf = (annotation: Annotation) => annotation.path.map((part) => part.value).join("/");

/** The generated files that are not what the sources give. */
function stale(): string[] {
  const folder = mkdtempSync(join(tmpdir(), "keywarden-bundles-"));
  try {
    build(folder);
    return FILES.filter((name) => {
      const committed = join(root, "bundles", name);
      return !existsSync(committed) || !readFileSync(committed).equals(readFileSync(join(folder, name)));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv.includes("--verify")) {
  const names = stale().map((name) => `bundles/${name}`);
  if (names.length > 0) {
    console.error(
      `${names.join(", ")}: not what policies/ compiles to. Run \`make build\` and commit the result.`,
    );
    process.exitCode = 1;
  } else console.log(`bundles/ is what policies/ compiles to (${FILES.join(", ")})`);
} else {
  build(join(root, "bundles"));
}
