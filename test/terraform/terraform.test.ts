import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { wasmImports } from "../../src/core/engine/host.ts";
import { inMemoryFiles } from "../../src/core/formats/terraform-source/evaluator/memory.ts";
import { loadTerraform } from "../../src/core/formats/terraform-source/evaluator/terraform.ts";
import { programs } from "./program.ts";

const request = { directory: "a", variables: {}, variableFiles: [] };
const none = inMemoryFiles([]);

/** Evaluates a root module several times and returns the problems and files of each evaluation. */
function evaluated(bytes: Uint8Array, times = 1): string[] {
  const terraform = loadTerraform(() => bytes);
  return Array.from({ length: times }, () => {
    const { problems, files } = terraform.evaluate(none, request);
    return [...problems.map(({ file, message }) => `${file}: ${message}`), ...files].join();
  });
}

describe("the evaluator", () => {
  it("loads the module once, at the first evaluation", () => {
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

  const failures: [behavior: string, program: Uint8Array, message: RegExp][] = [
    ["traps", programs.traps, /^a: Keywarden failed with an internal error: unreachable/],
    ["exits", programs.exits, /^a: Keywarden failed with an internal error: the evaluator stopped/],
    ["calls itself without end", programs.calls, /^a: The root module is nested too deeply/],
    ["is not WebAssembly", new Uint8Array(8), /^a: Keywarden failed with an internal error: /],
  ];
  for (const [behavior, program, message] of failures) {
    it(`reports a problem if its module ${behavior}`, () =>
      assert.match(evaluated(program)[0] ?? "", message));

    it(`returns an empty outline and a problem if its module ${behavior}`, () => {
      const { problems, ...outline } = loadTerraform(() => program).outline("a", "# b");
      assert.deepEqual(outline, { comments: [], blocks: [] });
      assert.match(`a: ${problems[0]?.message}`, message);
    });
  }

  it("creates a new instance only after a failure", () => {
    const failed = /internal error/;
    const [first = "", second = "", third = "", fourth = ""] = evaluated(programs.trapsLater, 4);
    assert.deepEqual([first, third], ["main.tf", "main.tf"]);
    assert.match(second, failed);
    assert.match(fourth, failed);
  });

  it("reads the files of the caller, and returns which of them Terraform functions read", () => {
    const files = inMemoryFiles([{ path: "./a/x.json", text: '{"files":["é"]}' }]);
    const read = (purpose: number) =>
      loadTerraform(() => programs.reads("a/./x.json", purpose)).evaluate(files, request);
    assert.deepEqual(read(1).files, ["é"]);
    assert.deepEqual([...read(1).read], ["a/x.json"]);
    assert.deepEqual([...read(0).read], []);
  });

  it("reports an unreadable module file as one problem", () => {
    const refusal = {
      refused: "unreadable",
      message: "Not a regular file.",
      remedy: "Remove it.",
      line: 3,
    } as const;
    const files = { ...none, read: () => refusal };
    const { problems } = loadTerraform(() => programs.reads("a/x.tf", 0)).evaluate(files, request);
    assert.deepEqual(problems[0], {
      file: "a/x.tf",
      line: 3,
      message: "Not a regular file.",
      remedy: "Remove it.",
    });
  });
});

describe("bundles/terraform.wasm", () => {
  const bytes = readFileSync(new URL("../../bundles/terraform.wasm", import.meta.url));

  it("imports only WASI functions and the three Keywarden functions", () => {
    const known = /^(wasi_snapshot_preview1\..*|keywarden\.(list|read|take))$/;
    assert.deepEqual(
      wasmImports(bytes).filter((name) => !known.test(name)),
      [],
    );
  });

  it("handles a directory that does not exist", () => {
    const terraform = loadTerraform(() => bytes);
    assert.deepEqual(terraform.evaluate(none, request).components, []);
    assert.deepEqual(terraform.scan(none, "a").calls, []);
  });
});
