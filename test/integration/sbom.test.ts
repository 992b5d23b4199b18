import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { modules } from "../../scripts/modules.ts";
import { bundledLicenses } from "../../scripts/supply-chain/lock-files.ts";
import { bundled, licenseOf, type Package, sbom } from "../../scripts/third-party.ts";
import { root, run } from "./support.ts";

interface Component {
  name: string;
  version?: string;
  purl: string;
  licenses: { license: { id: string } }[];
  evidence: { occurrences: { location: string }[] };
}

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const bill = JSON.parse(read("dist/sbom.cdx.json")) as { components: Component[] };
const words = read("dist/licenses.txt");
const notice = read("NOTICE");
const installed = JSON.parse(read("package-lock.json")).packages as { [path: string]: { version: string } };

/** Returns the versions of a package in the lock file, which may have several. */
const installedVersions = (name: string): string[] =>
  Object.entries(installed)
    .filter(([path]) => path.endsWith(`node_modules/${name}`))
    .map(([, { version }]) => version);

for (const { name, version, purl, licenses, evidence } of bill.components)
  test(`${name} has an allowed license and is listed in the package`, () => {
    for (const { license } of licenses) assert.ok(bundledLicenses.includes(license.id), license.id);
    assert.match(
      notice,
      new RegExp(`^  ${name.replaceAll(/[/.]/g, "\\$&")}, .*${licenses[0]?.license.id}$`, "m"),
    );
    assert.ok(
      words.includes(`${[name, version].filter(Boolean).join(" ")}, ${licenses[0]?.license.id}, in `),
    );
    for (const { location } of evidence.occurrences) assert.ok(existsSync(join(root, location)), location);
    if (purl.startsWith("pkg:npm/")) assert.ok(installedVersions(name).includes(version as string), purl);
  });

test("the notice lists only components that are in the package", () => {
  const names = [...notice.matchAll(/^ {2}(\S+), (?:.*, )?https:/gm)].map(([, name]) => name).sort();
  assert.deepEqual(names, [...new Set(bill.components.map(({ name }) => name))].sort());
});

test("source paths identify the components of a built file and their licenses", () => {
  const [one, ...others] = bundled(root, {
    "dist/a.js": ["src/a.ts", "node_modules/picomatch/lib/parse.js", "node_modules/picomatch/index.js"],
    "dist/b.js": ["node_modules/picomatch/lib/scan.js"],
  });
  assert.deepEqual(others, []);
  assert.deepEqual(one?.files, ["dist/a.js", "dist/b.js"]);
  assert.deepEqual([one?.name, one?.license], ["picomatch", "MIT"]);
  assert.match(one?.text ?? "", /Permission is hereby granted/);
});

test("the same packages produce the same SBOM, and every component is referenced", () => {
  const part = {
    name: "@a/b",
    version: "1.0.0",
    license: "MIT",
    purl: "pkg:npm/%40a/b@1.0.0",
    files: [],
    text: "",
  };
  const about = { name: "keywarden", version: "1.0.0", license: "Apache-2.0" };
  const said = sbom(about, [part]);
  assert.equal(said, sbom(about, [part]));
  const { bomFormat, specVersion, components, dependencies } = JSON.parse(said);
  assert.deepEqual([bomFormat, specVersion, components.length], ["CycloneDX", "1.6", 1]);
  assert.deepEqual(dependencies[0], { ref: "pkg:npm/keywarden@1.0.0", dependsOn: [part.purl] });
});

test("an unknown license stops the build", () => {
  assert.throws(() => licenseOf("GNU GENERAL PUBLIC LICENSE"), /Unknown license/);
});

const go = { skip: run("go", ["version"], { cwd: root }).status === 0 ? false : "Go is not installed" };
test("scripts/modules.json lists the modules that Go reports for bundles/ (else: make modules)", go, () => {
  const known = JSON.parse(read("scripts/modules.json")) as Package[];
  assert.deepEqual(known, modules());
});
