import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inMemoryFiles } from "../src/core/formats/terraform-source/evaluator/memory.ts";
import type { Terraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import { evaluateModules, groupModules } from "../src/core/formats/terraform-source/root-modules.ts";
import type { Source } from "../src/core/model/source.ts";
import type { EvaluationRequest } from "../src/core/model/terraform-evaluation.ts";
import type { TerraformModule } from "../src/core/model/terraform-module.ts";
import { normalizeInputs } from "../src/core/pipeline.ts";

const problem = (file: string) => ({ file, message: "The file is invalid.", remedy: "Fix it." });

/** Returns an evaluator for which every directory is a root module and every file has a problem. */
function fakeEvaluator(reads: string[] = []): Terraform & { requests: EvaluationRequest[] } {
  const requests: EvaluationRequest[] = [];
  return {
    requests,
    scan: () => ({ calls: [], concerns: true, problems: [] }),
    outline: () => ({ comments: [], blocks: [], problems: [] }),
    evaluate(files, request) {
      requests.push(request);
      const { directory } = request;
      const inside = (files.list(directory) ?? []).map(({ name }) =>
        directory === "." ? name : `${directory}/${name}`,
      );
      const empty = { directory, unseen: [], calls: {}, holes: [], components: [] };
      const read = new Set(reads.filter((path) => files.read(path, "argument") instanceof Uint8Array));
      return { ...empty, files: inside, problems: [...inside, directory].map(problem), read };
    },
  };
}

const sources = (...paths: string[]): Source[] => paths.map((path) => ({ path, text: "" }));
const filesWithProblems = (modules: TerraformModule[]): string[] =>
  evaluateModules(modules, { terraform: fakeEvaluator() }).problems.map(({ file }) => file);

describe("requested files", () => {
  const files = inMemoryFiles(sources("a/main.tf", "a/other.tf", "b/main.tf"));
  const module = (directory: string, ...only: string[]) => ({
    directory,
    files,
    ...(only.length === 0 ? {} : { only }),
  });

  const cases: [name: string, modules: TerraformModule[], files: string[]][] = [
    ["a directory: all its files", [module("a")], ["a/main.tf", "a/other.tf", "a"]],
    ["a file: the file and the directory itself", [module("a", "./a/main.tf")], ["a/main.tf", "a"]],
    [
      "several files of a directory: one evaluation",
      [module("a", "a/main.tf"), module("./a", "a/other.tf")],
      ["a/main.tf", "a/other.tf", "a"],
    ],
    [
      "a file and its directory: all its files",
      [module("a", "a/main.tf"), module("a/")],
      ["a/main.tf", "a/other.tf", "a"],
    ],
    [
      "a directory and one of its files: all its files",
      [module("a"), module("a", "a/main.tf")],
      ["a/main.tf", "a/other.tf", "a"],
    ],
    [
      "a file and another directory",
      [module("a", "a/main.tf"), module("b")],
      ["a/main.tf", "a", "b/main.tf", "b"],
    ],
  ];
  for (const [name, modules, expected] of cases)
    it(name, () => assert.deepEqual(filesWithProblems(modules), expected));

  it("do not include other files of the directory, unless another module has them", () => {
    const { isRequested } = evaluateModules([module("a", "a/main.tf"), module("b")], {
      terraform: fakeEvaluator(),
    });
    const requested = ["a/main.tf", "./a/main.tf", "a/other.tf", "b/main.tf", "policy.json"].filter((file) =>
      isRequested(file, ""),
    );
    assert.deepEqual(requested, ["a/main.tf", "./a/main.tf", "b/main.tf", "policy.json"]);
  });
});

it("a variable that no root module declares is a problem", () => {
  const files = inMemoryFiles(sources("a/main.tf", "b/main.tf"));
  const all = ["a", "b"].map((directory) => ({ directory, files }));
  const undeclared: { [directory: string]: string[] } = { a: ["x", "y"], b: ["x", "z"] };
  const terraform = fakeEvaluator();
  const evaluate: Terraform["evaluate"] = (files, request) => ({
    ...terraform.evaluate(files, request),
    problems: [],
    undeclared: undeclared[request.directory] ?? [],
  });
  const variables = { x: "1", y: "2", z: "3" };
  const { problems } = evaluateModules(all, { terraform: { ...terraform, evaluate }, variables });
  assert.deepEqual(
    problems.map(({ file }) => file),
    ["--var x"],
  );
});

describe("files that Terraform functions read", () => {
  const resource = (main: number, ...others: number[]) => ({
    address: "aws_kms_key.a",
    ranges: { "": [main, 0, 1], "/policy/Statement": [others[0] ?? main, 0, 1] },
  });
  const files = inMemoryFiles(sources("a/main.tf", "a/other.tf"));
  const response = {
    ...{ directory: "a", problems: [], unseen: [], calls: {}, holes: [], read: new Set<string>() },
    files: ["a/main.tf", "a/other.tf", "a/mine.json", "a/theirs.json"],
    components: [
      [{ decisions: [], plan: { resource_changes: [resource(0, 2), resource(1, 3)], configuration: {} } }],
    ],
  };
  const terraform = {
    scan: () => ({ calls: [], concerns: true, problems: [] }),
    evaluate: () => response,
  } as unknown as Terraform;

  it("are requested if the file of the resource is requested", () => {
    const { isRequested } = evaluateModules([{ directory: "a", files, only: ["a/main.tf"] }], {
      terraform,
    });
    assert.deepEqual(
      response.files.filter((file) => isRequested(file, "")),
      ["a/main.tf", "a/mine.json"],
    );
  });
});

describe("Terraform files as strings", () => {
  it("are grouped by directory", () => {
    const inputs = sources(
      "main.tf",
      "a/x.tf",
      "a/y.tofu.json",
      "a/plan.json",
      "b/terraform.tfvars",
      "k.json",
    );
    const plan = { path: "a/plan.tf.json", text: '{"format_version": "1.2", "planned_values": {}}' };
    const names = [...groupModules([...inputs, plan])].map((input) =>
      "directory" in input ? `[${input.directory}]` : input.path,
    );
    assert.deepEqual(names, ["a/plan.json", "k.json", "a/plan.tf.json", "[.]", "[a]"]);
  });

  it("are problems without an evaluator", () => {
    const { problems } = normalizeInputs(sources("a/main.tf"));
    assert.match(problems[0]?.message ?? "", /Terraform source/);
    assert.match(problems[0]?.remedy ?? "", /the terraform option/);
  });

  it("are evaluated with the variables from the options", () => {
    const terraform = fakeEvaluator();
    normalizeInputs(sources("a/main.tf"), {
      terraform,
      variables: { a: "b" },
      variableFiles: ["prod.tfvars"],
    });
    const [{ types = [], first, ...request } = {}] = terraform.requests;
    assert.deepEqual(first, []);
    assert.deepEqual(request, { directory: "a", variables: { a: "b" }, variableFiles: ["prod.tfvars"] });
    assert.ok(types.includes("aws_kms_key"));
  });
});

describe("a policy file that a module reads", () => {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:root" },
    Action: "kms:*",
  };
  const text = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, Resource: "*" }] });
  const keys = (read: string[], named?: boolean) => {
    const policy = { path: "a/kms.json", text, ...(named === undefined ? {} : { named }) };
    const { document } = normalizeInputs([policy, ...sources("a/main.tf")], {
      terraform: fakeEvaluator(read),
    });
    return document.keys.length;
  };

  it("is not checked on its own", () => assert.equal(keys(["a/kms.json"]), 0));
  it("is checked on its own if no module reads it", () => assert.equal(keys(["a/other.json"]), 1));
  it("is checked on its own if it is named", () => assert.equal(keys(["a/kms.json"], true), 1));
});
