/** Compiles terraform/ to WebAssembly. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../terraform", import.meta.url));

/** Makes the build reproducible: without paths, repository state and build ID. */
const FLAGS = ["-buildmode=c-shared", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="];
/** Go variables that affect the build output or its build information. */
const ENVIRONMENT = {
  CGO_ENABLED: "0",
  GOEXPERIMENT: "",
  GOFIPS140: "off",
  GOFLAGS: "-mod=readonly",
  GOWASM: "",
  GOWORK: "off",
};

/** Builds the module into a file. Returns an error message, or null if the build succeeds. */
export function buildTerraform(file: string): string | null {
  const version = /^go (\S+)$/m.exec(readFileSync(`${folder}/go.mod`, "utf8"))?.[1];
  const toolchain = `go${version}`;
  const { status, stdout, stderr, error } = spawnSync("go", ["build", ...FLAGS, "-o", file, "."], {
    cwd: folder,
    encoding: "utf8",
    // Another version creates other bytes. If it isn't installed, Go downloads the version in go.mod.
    env: { ...process.env, ...ENVIRONMENT, GOOS: "wasip1", GOARCH: "wasm", GOTOOLCHAIN: toolchain },
  });
  if (status === 0) return null;
  const output = error?.message ?? `${stdout}${stderr}`.trim();
  return `Cannot compile terraform/. Install Go; it downloads Go ${version} automatically. ${output}`;
}
