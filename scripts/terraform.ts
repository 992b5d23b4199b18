/** Compiles terraform/ to WebAssembly. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../terraform", import.meta.url));

/** Nothing of the machine may come into the bytes: no paths, no state of the repository, no id of the build. */
const FLAGS = ["-buildmode=c-shared", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid="];
/** Variables of Go that change what it builds, or what it writes about the build. */
const PLAIN = {
  CGO_ENABLED: "0",
  GOEXPERIMENT: "",
  GOFIPS140: "off",
  GOFLAGS: "-mod=readonly",
  GOWASM: "",
  GOWORK: "off",
};

/** Builds the module into a file; what is wrong where that fails. */
export function buildTerraform(file: string): string | null {
  const version = /^go (\S+)$/m.exec(readFileSync(`${folder}/go.mod`, "utf8"))?.[1];
  const toolchain = `go${version}`;
  const { status, stdout, stderr, error } = spawnSync("go", ["build", ...FLAGS, "-o", file, "."], {
    cwd: folder,
    encoding: "utf8",
    // Another version gives other bytes: Go fetches the one that go.mod names where it is not the installed one.
    env: { ...process.env, ...PLAIN, GOOS: "wasip1", GOARCH: "wasm", GOTOOLCHAIN: toolchain },
  });
  if (status === 0) return null;
  const said = error?.message ?? `${stdout}${stderr}`.trim();
  return `terraform/ cannot be compiled; it needs Go ${version}, which an installed Go fetches by itself: ${said}`;
}
