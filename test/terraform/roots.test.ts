import assert from "node:assert/strict";
import { test } from "node:test";
import { cleaned, filesOf } from "../../src/core/formats/terraform-source/evaluator/memory.ts";
import { rootsOf } from "../../src/core/formats/terraform-source/evaluator/roots.ts";

interface Case {
  name: string;
  /** What each directory calls; those that concern keys are marked by an asterisk, broken ones by an exclamation mark. */
  calls: { [directory: string]: string[] };
  /** Directories that are called and not among those that are checked. */
  elsewhere?: string[];
  roots: string[];
}

const cases: Case[] = [
  { name: "each one that nobody calls", calls: { "a*": [], "b*": [], c: [] }, roots: ["a", "b"] },
  {
    name: "one that another calls is none",
    calls: { "modules/kms*": [], "prod*": ["modules/kms"] },
    roots: ["prod"],
  },
  {
    name: "one that calls what concerns keys, at any depth",
    calls: { prod: ["modules/app"], "modules/app": ["modules/kms"], "modules/kms*": [], dev: ["x"], x: [] },
    roots: ["prod"],
  },
  {
    name: "also where that is out of what is checked",
    calls: { prod: ["../shared/kms"] },
    elsewhere: ["../shared/kms*"],
    roots: ["prod"],
  },
  {
    name: "the first of a circle",
    calls: { "a*": ["b"], b: ["c"], c: ["a"] },
    roots: ["a"],
  },
  {
    name: "none of a circle that is called from outside, though it comes first",
    calls: { "a*": ["b"], b: ["a"], z: ["b"] },
    roots: ["z"],
  },
  {
    name: "none of those that only a circle calls",
    calls: { "a*": [], b: ["c", "a"], c: ["b"] },
    roots: ["b"],
  },
  {
    name: "one that only its own examples call, and these beside it",
    calls: {
      "kms*": ["kms/modules/x"],
      "kms/modules/x": [],
      "kms/examples/all": ["kms"],
      "kms/tests": ["kms"],
    },
    roots: ["kms", "kms/examples/all", "kms/tests"],
  },
  { name: "one that calls itself", calls: { "a*": ["a"] }, roots: ["a"] },
  { name: "calls by other spellings of a path", calls: { "a*": ["./b/"], "b*": [] }, roots: ["a"] },
  { name: "one that cannot be read", calls: { "a!": [], b: ["c"], "c!": [] }, roots: ["a", "b"] },
];

for (const { name, calls, elsewhere = [], roots } of cases)
  test(`root modules: ${name}`, () => {
    const files = filesOf([]);
    const scans = new Map(
      [...Object.entries(calls), ...elsewhere.map((directory) => [directory, []] as [string, string[]])].map(
        ([directory, called]) => {
          const problem = { file: directory, message: "It is broken.", remedy: "Mend it." };
          const problems = directory.endsWith("!") ? [problem] : [];
          return [
            directory.replace(/[*!]$/, ""),
            { calls: called, concerns: directory.endsWith("*"), problems },
          ];
        },
      ),
    );
    const scanned: string[] = [];
    const configurations = [...scans.keys()]
      .filter((directory) => !directory.startsWith(".."))
      .map((directory) => ({ directory, files }));
    const found = rootsOf(configurations.reverse(), (_, directory) => {
      scanned.push(cleaned(directory));
      return scans.get(cleaned(directory)) ?? assert.fail(directory);
    });
    assert.deepEqual(found.map(({ directory }) => directory).sort(), roots);
    assert.equal(new Set(scanned).size, scanned.length, "each directory is looked at once");
  });
