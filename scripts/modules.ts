/**
 * Writes scripts/modules.json: the modules that are compiled into the WebAssembly in bundles/, with their licenses. Needs Go
 * to locate the sources; the file is committed so that building dist/ doesn't need Go.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { licenseIn, licenseOf, type Package } from "./third-party.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Module {
  Path: string;
  Version?: string;
  Dir: string;
}

/** Returns the Go modules in terraform.wasm, and the components of OPA's runtime in policy.wasm. */
export function modules(): Package[] {
  const dependencies = list<{ Module?: Module }>("terraform", ["-deps", "-json=Module", "."]);
  const linked = new Map(
    dependencies.flatMap(({ Module }) => (Module?.Version === undefined ? [] : [[Module.Path, Module]])),
  );
  const [opa] = list<Module>("tools", ["-m", "-json=Path,Version,Dir", "github.com/open-policy-agent/opa"]);
  if (opa === undefined) throw new Error("tools/go.mod does not require OPA");
  const goroot = go("terraform", ["env", "GOROOT"]).trim();
  const std = { Path: "std", Version: go("terraform", ["env", "GOVERSION"]).trim(), Dir: goroot };
  const standard = packageOf(std, "bundles/terraform.wasm");
  return [
    ...[...linked.values()].map((module) => packageOf(module, "bundles/terraform.wasm")),
    standard,
    packageOf(opa, "bundles/policy.wasm"),
    libmpdec(opa),
    re2(opa, standard.text),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function packageOf({ Path: name, Version = "", Dir }: Module, file: string): Package {
  // Go's own version is "go1.26.8"; the package URL needs "1.26.8".
  const version = Version.replace(/^go/, "");
  const text = licenseIn(Dir);
  return {
    name,
    version,
    license: licenseOf(text),
    purl: `pkg:golang/${name}@${version}`,
    files: [file],
    text,
  };
}

/** Returns libmpdec, whose C sources in OPA's runtime have their license at the top of each file. */
function libmpdec({ Dir, Version = "" }: Module): Package {
  const source = readFileSync(join(Dir, "wasm/src/libmpdec/basearith.c"), "utf8");
  const text = (/^\/\*([\s\S]*?)\*\//.exec(source)?.[1] ?? "").replace(/^ \*? ?/gm, "").trim();
  const header = readFileSync(join(Dir, "wasm/src/libmpdec/mpdecimal.h"), "utf8");
  const version = /MPD_VERSION "([\d.]+)"/.exec(header)?.[1] ?? "";
  return { ...inRuntime("libmpdec", Version), version, license: licenseOf(text), text };
}

/** Returns RE2. OPA's copy has no license file; its license has the same text as Go's, with another owner. */
function re2({ Dir, Version = "" }: Module, goLicense: string): Package {
  const source = readFileSync(join(Dir, "wasm/src/re2/re2/re2.h"), "utf8");
  const owner = /^\/\/ (Copyright .*)$/m.exec(source)?.[1] ?? "";
  const text = goLicense.replace(/^Copyright .*$/m, owner).replaceAll("Google LLC", "Google Inc.");
  return { ...inRuntime("re2", Version), version: "", license: licenseOf(text), text };
}

const inRuntime = (name: string, opa: string) => ({
  name,
  purl: `pkg:generic/${name}?vcs_url=git%2Bhttps://github.com/open-policy-agent/opa%40${opa}%23wasm/src/${name}`,
  files: ["bundles/policy.wasm"],
});

const list = <T>(folder: string, args: string[]): T[] =>
  JSON.parse(
    `[${go(folder, ["list", ...args])
      .trim()
      .replace(/\}\s*\{/g, "},{")}]`,
  );

function go(folder: string, args: string[]): string {
  // The version that builds terraform.wasm.
  const version = /^go (\S+)$/m.exec(readFileSync(join(root, "terraform/go.mod"), "utf8"))?.[1];
  const env = {
    ...process.env,
    GOTOOLCHAIN: `go${version}`,
    GOOS: "wasip1",
    GOARCH: "wasm",
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
  };
  return execFileSync("go", args, {
    cwd: join(root, folder),
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(root, "scripts/modules.json"), `${JSON.stringify(modules(), null, 2)}\n`);
