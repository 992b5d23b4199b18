import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanPath, inMemoryFiles } from "../../src/core/formats/terraform-source/evaluator/memory.ts";
import { rootModulesOf } from "../../src/core/formats/terraform-source/evaluator/roots.ts";

interface Case {
  name: string;
  /** The calls of each directory. An asterisk marks directories with KMS keys, an exclamation mark invalid ones. */
  calls: { [directory: string]: string[] };
  /** Directories that are called but not checked. */
  elsewhere?: string[];
  roots: string[];
}

const cases: Case[] = [
  { name: "modules that no module calls", calls: { "a*": [], "b*": [], c: [] }, roots: ["a", "b"] },
  {
    name: "not a module that another module calls",
    calls: { "modules/kms*": [], "prod*": ["modules/kms"] },
    roots: ["prod"],
  },
  {
    name: "modules that call a module with keys, at any depth",
    calls: { prod: ["modules/app"], "modules/app": ["modules/kms"], "modules/kms*": [], dev: ["x"], x: [] },
    roots: ["prod"],
  },
  {
    name: "modules that call a module with keys outside of the checked directories",
    calls: { prod: ["../shared/kms"] },
    elsewhere: ["../shared/kms*"],
    roots: ["prod"],
  },
  {
    name: "the first module of a cycle",
    calls: { "a*": ["b"], b: ["c"], c: ["a"] },
    roots: ["a"],
  },
  {
    name: "no module of a cycle that is called from outside",
    calls: { "a*": ["b"], b: ["a"], z: ["b"] },
    roots: ["z"],
  },
  {
    name: "no module that only a cycle calls",
    calls: { "a*": [], b: ["c", "a"], c: ["b"] },
    roots: ["b"],
  },
  {
    name: "a module that only its own examples and tests call, and these",
    calls: {
      "kms*": ["kms/modules/x"],
      "kms/modules/x": [],
      "kms/examples/all": ["kms"],
      "kms/tests": ["kms"],
    },
    roots: ["kms", "kms/examples/all", "kms/tests"],
  },
  { name: "a module that calls itself", calls: { "a*": ["a"] }, roots: ["a"] },
  { name: "calls with unclean paths", calls: { "a*": ["./b/"], "b*": [] }, roots: ["a"] },
  { name: "modules that cannot be read", calls: { "a!": [], b: ["c"], "c!": [] }, roots: ["a", "b"] },
];

for (const { name, calls, elsewhere = [], roots } of cases)
  test(`root modules: ${name}`, () => {
    const files = inMemoryFiles([]);
    const scans = new Map(
      [...Object.entries(calls), ...elsewhere.map((directory) => [directory, []] as [string, string[]])].map(
        ([directory, called]) => {
          const problem = { file: directory, message: "The file is invalid.", remedy: "Fix it." };
          const problems = directory.endsWith("!") ? [problem] : [];
          return [
            directory.replace(/[*!]$/, ""),
            { calls: called, concerns: directory.endsWith("*"), problems },
          ];
        },
      ),
    );
    const scanned: string[] = [];
    const modules = [...scans.keys()]
      .filter((directory) => !directory.startsWith(".."))
      .map((directory) => ({ directory, files }));
    const found = rootModulesOf(modules.reverse(), (_, directory) => {
      scanned.push(cleanPath(directory));
      return scans.get(cleanPath(directory)) ?? assert.fail(directory);
    });
    assert.deepEqual(found.map(({ directory }) => directory).sort(), roots);
    assert.equal(new Set(scanned).size, scanned.length, "each directory is scanned once");
  });
