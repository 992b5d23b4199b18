/** Lists the third-party code in the package: dist/sbom.cdx.json (CycloneDX) and dist/licenses.txt (the license texts). */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Package {
  name: string;
  /** Empty if unknown. */
  version: string;
  /** SPDX identifier. */
  license: string;
  purl: string;
  /** The files of our package that contain its code, relative to the root. */
  files: string[];
  /** The text of its license. */
  text: string;
}

/** Returns the npm packages whose code is in the build output: `inputs` has the source paths of each output file. */
export function bundled(root: string, inputs: { [output: string]: string[] }): Package[] {
  const files = new Map<string, Set<string>>();
  for (const [output, paths] of Object.entries(inputs))
    for (const path of paths) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (folder === undefined) continue;
      files.set(folder, (files.get(folder) ?? new Set()).add(output));
    }
  return [...files]
    .map(([folder, outputs]) => npmPackage(join(root, folder), [...outputs].sort()))
    .sort((a, b) => (a.purl < b.purl ? -1 : 1));
}

function npmPackage(folder: string, files: string[]): Package {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const text = licenseIn(folder);
  if (typeof license !== "string") throw new Error(`${name}: its package.json has no license`);
  return {
    name,
    version,
    license,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    files,
    text,
  };
}

/** Returns the license and notice files in a directory, joined. */
export const licenseIn = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|copying)/i.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").trim())
    .join("\n\n");

/** Returns the SPDX identifier of a license text. Throws an Error if it is not one of the licenses in use here. */
export function licenseOf(text: string): string {
  if (/Mozilla Public License, version 2\.0/i.test(text)) return "MPL-2.0";
  if (/Apache License\s+Version 2\.0/.test(text)) return "Apache-2.0";
  if (/Permission is hereby granted, free of charge/.test(text)) return "MIT";
  if (/Redistribution and use in source and binary forms/.test(text))
    return /Neither the name/.test(text) ? "BSD-3-Clause" : "BSD-2-Clause";
  throw new Error(`Unknown license: ${text.slice(0, 200)}`);
}

/** Returns a CycloneDX 1.6 bill of materials. It is reproducible, because it has no timestamp and no serial number. */
export function sbom(about: { name: string; version: string; license: string }, packages: Package[]): string {
  const reference = `pkg:npm/${about.name}@${about.version}`;
  const expressed = (id: string) => [{ license: { id } }];
  const component = ({ name, version, license, purl, files }: Package) => ({
    type: "library",
    "bom-ref": purl,
    name,
    ...(version === "" ? {} : { version }),
    licenses: expressed(license),
    purl,
    evidence: { occurrences: files.map((location) => ({ location })) },
  });
  const bom = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      lifecycles: [{ phase: "build" }],
      component: {
        type: "application",
        "bom-ref": reference,
        name: about.name,
        version: about.version,
        licenses: expressed(about.license),
        purl: reference,
      },
    },
    components: packages.map(component),
    dependencies: [
      { ref: reference, dependsOn: packages.map(({ purl }) => purl) },
      ...packages.map(({ purl }) => ({ ref: purl })),
    ],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** Returns the full license texts. */
export const licenses = (packages: Package[]): string =>
  packages
    .map(({ name, version, license, files, text }) => {
      const title = `${[name, version].filter(Boolean).join(" ")}, ${license}, in ${files.join(", ")}`;
      return `${title}\n${"-".repeat(title.length)}\n\n${text.replaceAll("\r\n", "\n")}\n`;
    })
    .join("\n\n");
