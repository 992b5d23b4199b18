import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { until } from "../until.ts";
import { output, root, run, scratch } from "./support.ts";

// Debian's package and the registry's own image use different names.
const registry = ["docker-registry", "registry"]
  .flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((path) => existsSync(path));
const conftest = join(root, ".cache/bin/conftest");
const opa = join(root, ".cache/bin/opa");
const skip = !existsSync(conftest)
  ? "conftest is not built: make tools"
  : registry === undefined && "docker-registry is not installed: apt-get install docker-registry";

const folder = scratch();
let server: ChildProcess | undefined;
let host = "";

before(async () => {
  if (skip !== false) return;
  host = `127.0.0.1:${await freePort()}`;
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: host },
  };
  writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
  server = spawn(registry as string, ["serve", join(folder, "config.yml")], { stdio: "ignore" });
  await until(() =>
    fetch(`http://${host}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
});
after(() => server?.kill());

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => found(port));
    });
  });
}

const document = join(folder, "document.json");
const example = "examples/cross-account-without-root/policy.json";

test("conftest pushes the bundle to a registry, pulls it, and reports the same findings as the CLI", {
  skip,
}, () => {
  writeFileSync(document, output(process.execPath, ["dist/cli.js", "normalize", example], { cwd: root }));
  const rules = join(folder, "rules");
  mkdirSync(rules);
  output("tar", ["-xzf", join(root, "bundles/bundle.tar.gz"), "-C", rules], { cwd: folder });
  const reference = `${host}/keywarden/rules:0.1.0`;
  output(conftest, ["push", "--tls=false", "--policy", ".", reference], { cwd: rules });

  const pulled = join(folder, "pulled");
  mkdirSync(pulled);
  output(conftest, ["pull", "--tls=false", "--policy", "rules", `oci://${reference}`], { cwd: pulled });
  assert.deepEqual(readdirSync(join(pulled, "rules")).sort(), ["data.json", "kms", "main"]);
  const theirs = run(conftest, ["test", "--policy", "rules", "--output", "json", document], { cwd: pulled });
  const ours = run(process.execPath, ["dist/cli.js", "test", "--output", "json", example], { cwd: root });
  assert.deepEqual(failures(theirs.stdout), failures(ours.stdout));
  assert.equal(failures(ours.stdout).length, 2);

  const update = ["test", "--tls=false", "--update", `oci://${reference}`, "--output", "json", document];
  assert.deepEqual(failures(run(conftest, update, { cwd: pulled }).stdout), failures(ours.stdout));
});

test("OPA evaluates the bundle", {
  skip: existsSync(opa) ? false : "opa is not built: make tools",
}, () => {
  writeFileSync(document, output(process.execPath, ["dist/cli.js", "normalize", example], { cwd: root }));
  const bundle = ["--bundle", join(root, "bundles/bundle.tar.gz"), "--input", document];
  const denied = output(opa, ["eval", ...bundle, "--format", "raw", "data.main.deny"], { cwd: folder });
  assert.equal(JSON.parse(denied).length, 2);
});

const failures = (json: string): string[] =>
  (JSON.parse(json) as { failures?: { msg: string }[] }[])
    .flatMap((file) => (file.failures ?? []).map(({ msg }) => msg))
    .sort();
