/** What of others is in the package: dist/sbom.cdx.json lists it (CycloneDX), dist/licenses.txt has the words. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `version`: empty where nobody says it. `files`: in which files of the package it is, by their paths from the root. `text`: of its licence. */
export interface Package {
  name: string;
  version: string;
  /** By SPDX. */
  licence: string;
  purl: string;
  files: string[];
  text: string;
}

/** The npm packages of which something is in what was built: `inputs` are the paths of the sources of each file. */
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
  const text = licenceIn(folder);
  if (typeof license !== "string") throw new Error(`${name}: its package.json names no licence`);
  return {
    name,
    version,
    licence: license,
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
    files,
    text,
  };
}

/** What the author of a package says in the files that have such names. */
export const licenceIn = (folder: string): string =>
  readdirSync(folder)
    .filter((name) => /^(licen[cs]e|notice|copying)/i.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8").trim())
    .join("\n\n");

/** The name by SPDX of a licence that is one of those in use here. Throws an Error where it is another. */
export function licenceOf(text: string): string {
  if (/Mozilla Public License, version 2\.0/i.test(text)) return "MPL-2.0";
  if (/Apache License\s+Version 2\.0/.test(text)) return "Apache-2.0";
  if (/Permission is hereby granted, free of charge/.test(text)) return "MIT";
  if (/Redistribution and use in source and binary forms/.test(text))
    return /Neither the name/.test(text) ? "BSD-3-Clause" : "BSD-2-Clause";
  throw new Error(`which licence is this? ${text.slice(0, 200)}`);
}

/** A bill of materials, of CycloneDX 1.6. The same packages give the same text: it has no time and no serial number. */
export function sbom(about: { name: string; version: string; license: string }, packages: Package[]): string {
  const reference = `pkg:npm/${about.name}@${about.version}`;
  const licences = (id: string) => [{ license: { id } }];
  const component = ({ name, version, licence, purl, files }: Package) => ({
    type: "library",
    "bom-ref": purl,
    name,
    ...(version === "" ? {} : { version }),
    licenses: licences(licence),
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
        licenses: licences(about.license),
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

/** The licences, in their own words. */
export const licences = (packages: Package[]): string =>
  packages
    .map(({ name, version, licence, files, text }) => {
      const title = `${[name, version].filter(Boolean).join(" ")}, ${licence}, in ${files.join(", ")}`;
      return `${title}\n${"-".repeat(title.length)}\n\n${text.replaceAll("\r\n", "\n")}\n`;
    })
    .join("\n\n");
