import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { wasmImports } from "../../src/core/engine/host.ts";
import { filesOf } from "../../src/core/formats/terraform-source/evaluator/memory.ts";
import { loadTerraform } from "../../src/core/formats/terraform-source/evaluator/terraform.ts";
import { programs } from "./program.ts";

const request = { directory: "a", variables: {}, variableFiles: [] };
const none = filesOf([]);

/** What evaluating says of each of several root modules, one after the other. */
function evaluated(bytes: Uint8Array, times = 1): string[] {
  const terraform = loadTerraform(() => bytes);
  return Array.from({ length: times }, () => {
    const { problems, files } = terraform.evaluate(none, request);
    return [...problems.map(({ file, message }) => `${file}: ${message}`), ...files].join();
  });
}

describe("the evaluator", () => {
  it("is loaded when something is evaluated, once", () => {
    let loads = 0;
    const terraform = loadTerraform(() => {
      loads += 1;
      return programs.answers;
    });
    assert.equal(loads, 0);
    terraform.scan(none, "a");
    assert.deepEqual(terraform.evaluate(none, request).files, ["main.tf"]);
    assert.equal(loads, 1);
  });

  const failures: [does: string, program: Uint8Array, says: RegExp][] = [
    ["traps", programs.traps, /^a: Keywarden failed with an internal error: unreachable/],
    ["exits", programs.exits, /^a: Keywarden failed with an internal error: /],
    ["calls itself without end", programs.calls, /^a: The configuration is nested too deeply/],
    ["is no WebAssembly", new Uint8Array(8), /^a: Keywarden failed with an internal error: /],
  ];
  for (const [does, program, says] of failures)
    it(`one that ${does} is a problem of the configuration`, () =>
      assert.match(evaluated(program)[0] ?? "", says));

  it("is made anew after it failed, and not before", () => {
    const failed = /internal error/;
    const [first = "", second = "", third = "", fourth = ""] = evaluated(programs.trapsLater, 4);
    assert.deepEqual([first, third], ["main.tf", "main.tf"]);
    assert.match(second, failed);
    assert.match(fourth, failed);
  });

  it("reads what the caller's files give, and says which of them functions read", () => {
    const files = filesOf([{ path: "./a/x.json", text: '{"files":["é"]}' }]);
    const read = (purpose: number) =>
      loadTerraform(() => programs.reads("a/./x.json", purpose)).evaluate(files, request);
    assert.deepEqual(read(1).files, ["é"]);
    assert.deepEqual([...read(1).read], ["a/x.json"]);
    assert.deepEqual([...read(0).read], []);
  });

  it("a file of the configuration that cannot be read is one problem, its own", () => {
    const refusal = {
      refused: "unreadable",
      message: "It is no file.",
      remedy: "Remove it.",
      line: 3,
    } as const;
    const files = { ...none, read: () => refusal };
    const { problems } = loadTerraform(() => programs.reads("a/x.tf", 0)).evaluate(files, request);
    assert.deepEqual(problems[0], {
      file: "a/x.tf",
      line: 3,
      message: "It is no file.",
      remedy: "Remove it.",
    });
  });
});

describe("bundles/terraform.wasm", () => {
  const bytes = readFileSync(new URL("../../bundles/terraform.wasm", import.meta.url));

  it("asks its host for nothing but the system's functions and Keywarden's three", () => {
    const known = /^(wasi_snapshot_preview1\..*|keywarden\.(list|read|take))$/;
    assert.deepEqual(
      wasmImports(bytes).filter((name) => !known.test(name)),
      [],
    );
  });

  it("answers, also about a directory that is not there", () => {
    const terraform = loadTerraform(() => bytes);
    assert.deepEqual(terraform.evaluate(none, request).components, []);
    assert.deepEqual(terraform.scan(none, "a").calls, []);
  });
});
