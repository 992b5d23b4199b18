/**
 * Writes scripts/modules.json: what is compiled into the WebAssembly of bundles/, with licences. Needs Go, which knows
 * where the sources lie; whoever builds dist/ does not.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { licenceIn, licenceOf, type Package } from "./third-party.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Module {
  Path: string;
  Version?: string;
  Dir: string;
}

/** Go's modules in terraform.wasm, and what OPA puts into policy.wasm. */
export function modules(): Package[] {
  const dependencies = list<{ Module?: Module }>("terraform", ["-deps", "-json=Module", "."]);
  const linked = new Map(
    dependencies.flatMap(({ Module }) => (Module?.Version === undefined ? [] : [[Module.Path, Module]])),
  );
  const [opa] = list<Module>("tools", ["-m", "-json=Path,Version,Dir", "github.com/open-policy-agent/opa"]);
  if (opa === undefined) throw new Error("tools/go.mod names no OPA");
  const goroot = go("terraform", ["env", "GOROOT"]).trim();
  const std = { Path: "std", Version: go("terraform", ["env", "GOVERSION"]).trim(), Dir: goroot };
  const standard = packageOf(std, "bundles/terraform.wasm");
  return [
    ...[...linked.values()].map((module) => packageOf(module, "bundles/terraform.wasm")),
    standard,
    packageOf(opa, "bundles/policy.wasm"),
    decimals(opa),
    expressions(opa, standard.text),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function packageOf({ Path: name, Version = "", Dir }: Module, file: string): Package {
  // The standard library goes by go1.26.8, and its packages by 1.26.8.
  const version = Version.replace(/^go/, "");
  const text = licenceIn(Dir);
  return {
    name,
    version,
    licence: licenceOf(text),
    purl: `pkg:golang/${name}@${version}`,
    files: [file],
    text,
  };
}

/** The C in OPA's runtime that is not OPA's own: it says so at the head of each file. */
function decimals({ Dir, Version = "" }: Module): Package {
  const source = readFileSync(join(Dir, "wasm/src/libmpdec/basearith.c"), "utf8");
  const text = (/^\/\*([\s\S]*?)\*\//.exec(source)?.[1] ?? "").replace(/^ \*? ?/gm, "").trim();
  const header = readFileSync(join(Dir, "wasm/src/libmpdec/mpdecimal.h"), "utf8");
  const version = /MPD_VERSION "([\d.]+)"/.exec(header)?.[1] ?? "";
  return { ...inRuntime("libmpdec", Version), version, licence: licenceOf(text), text };
}

/** Its copy has no file with the licence, which has the words of Go's. */
function expressions({ Dir, Version = "" }: Module, words: string): Package {
  const source = readFileSync(join(Dir, "wasm/src/re2/re2/re2.h"), "utf8");
  const owner = /^\/\/ (Copyright .*)$/m.exec(source)?.[1] ?? "";
  const text = words.replace(/^Copyright .*$/m, owner).replaceAll("Google LLC", "Google Inc.");
  return { ...inRuntime("re2", Version), version: "", licence: licenceOf(text), text };
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
  // The one that terraform.wasm is built by.
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
