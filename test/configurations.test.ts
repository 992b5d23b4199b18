import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filesOf } from "../src/core/formats/terraform-source/evaluator/memory.ts";
import type { Terraform } from "../src/core/formats/terraform-source/evaluator/terraform.ts";
import { evaluateModules, grouped } from "../src/core/formats/terraform-source/root-modules.ts";
import type { Source } from "../src/core/model/source.ts";
import type { EvaluationRequest } from "../src/core/model/terraform-evaluation.ts";
import type { TerraformModule } from "../src/core/model/terraform-module.ts";
import { normalizeInputs } from "../src/core/pipeline.ts";

const problem = (file: string) => ({ file, message: "It is broken.", remedy: "Mend it." });

/** An evaluator to which every directory is a root, whose files are broken. */
function evaluator(reads: string[] = []): Terraform & { requests: EvaluationRequest[] } {
  const requests: EvaluationRequest[] = [];
  return {
    requests,
    scan: () => ({ calls: [], concerns: true, problems: [] }),
    evaluate(files, request) {
      requests.push(request);
      const { directory } = request;
      const inside = (files.list(directory) ?? []).map(({ name }) =>
        directory === "." ? name : `${directory}/${name}`,
      );
      const empty = { directory, notices: [], calls: {}, holes: [], components: [] };
      const read = new Set(reads.filter((path) => files.read(path, "argument") instanceof Uint8Array));
      return { ...empty, files: inside, problems: [...inside, directory].map(problem), read };
    },
  };
}

const sources = (...paths: string[]): Source[] => paths.map((path) => ({ path, text: "" }));
const told = (configurations: TerraformModule[]): string[] =>
  evaluateModules(configurations, { terraform: evaluator() }).problems.map(({ file }) => file);

describe("files of a configuration that are named", () => {
  const files = filesOf(sources("a/main.tf", "a/other.tf", "b/main.tf"));
  const one = (directory: string, ...only: string[]) => ({
    directory,
    files,
    ...(only.length === 0 ? {} : { only }),
  });

  const cases: [name: string, configurations: TerraformModule[], files: string[]][] = [
    ["a directory: all of it", [one("a")], ["a/main.tf", "a/other.tf", "a"]],
    ["a file: it alone, and what concerns the whole", [one("a", "./a/main.tf")], ["a/main.tf", "a"]],
    [
      "several of one directory: one evaluation",
      [one("a", "a/main.tf"), one("./a", "a/other.tf")],
      ["a/main.tf", "a/other.tf", "a"],
    ],
    ["the directory too: all of it", [one("a", "a/main.tf"), one("a/")], ["a/main.tf", "a/other.tf", "a"]],
    ["the directory first", [one("a"), one("a", "a/main.tf")], ["a/main.tf", "a/other.tf", "a"]],
    ["with another directory", [one("a", "a/main.tf"), one("b")], ["a/main.tf", "a", "b/main.tf", "b"]],
  ];
  for (const [name, configurations, expected] of cases)
    it(name, () => assert.deepEqual(told(configurations), expected));

  it("what is found in their neighbours was not asked for, unless another configuration has it too", () => {
    const { isRequested } = evaluateModules([one("a", "a/main.tf"), one("b")], { terraform: evaluator() });
    const asked = ["a/main.tf", "./a/main.tf", "a/other.tf", "b/main.tf", "policy.json"].filter((file) =>
      isRequested(file, ""),
    );
    assert.deepEqual(asked, ["a/main.tf", "./a/main.tf", "b/main.tf", "policy.json"]);
  });
});

it("a variable that no root module declares is a problem", () => {
  const files = filesOf(sources("a/main.tf", "b/main.tf"));
  const all = ["a", "b"].map((directory) => ({ directory, files }));
  const undeclared: { [directory: string]: string[] } = { a: ["x", "y"], b: ["x", "z"] };
  const terraform = evaluator();
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

describe("files that functions read", () => {
  const resource = (main: number, ...others: number[]) => ({
    address: "aws_kms_key.a",
    ranges: { "": [main, 0, 1], "/policy/Statement": [others[0] ?? main, 0, 1] },
  });
  const files = filesOf(sources("a/main.tf", "a/other.tf"));
  const response = {
    ...{ directory: "a", problems: [], notices: [], calls: {}, holes: [], read: new Set<string>() },
    files: ["a/main.tf", "a/other.tf", "a/mine.json", "a/theirs.json"],
    components: [
      [{ decisions: [], plan: { resource_changes: [resource(0, 2), resource(1, 3)], configuration: {} } }],
    ],
  };
  const terraform = {
    scan: () => ({ calls: [], concerns: true, problems: [] }),
    evaluate: () => response,
  } as unknown as Terraform;

  it("belong to the resources of the files that were asked for", () => {
    const { isRequested } = evaluateModules([{ directory: "a", files, only: ["a/main.tf"] }], {
      terraform,
    });
    assert.deepEqual(
      response.files.filter((file) => isRequested(file, "")),
      ["a/main.tf", "a/mine.json"],
    );
  });
});

describe("sources that are handed over", () => {
  it("are grouped by their directories", () => {
    const inputs = sources(
      "main.tf",
      "a/x.tf",
      "a/y.tofu.json",
      "a/plan.json",
      "b/terraform.tfvars",
      "k.json",
    );
    const plan = { path: "a/plan.tf.json", text: '{"format_version": "1.2", "planned_values": {}}' };
    const names = [...grouped([...inputs, plan])].map((input) =>
      "directory" in input ? `[${input.directory}]` : input.path,
    );
    assert.deepEqual(names, ["a/plan.json", "k.json", "a/plan.tf.json", "[.]", "[a]"]);
  });

  it("are problems where nothing evaluates them", () => {
    const { problems } = normalizeInputs(sources("a/main.tf"));
    assert.match(problems[0]?.message ?? "", /Terraform source/);
    assert.match(problems[0]?.remedy ?? "", /the option terraform/);
  });

  it("variables reach the evaluation", () => {
    const terraform = evaluator();
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

describe("a policy that a configuration reads", () => {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:root" },
    Action: "kms:*",
  };
  const text = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, Resource: "*" }] });
  const keys = (read: string[], named?: boolean) => {
    const policy = { path: "a/kms.json", text, ...(named === undefined ? {} : { named }) };
    const { document } = normalizeInputs([policy, ...sources("a/main.tf")], { terraform: evaluator(read) });
    return document.keys.length;
  };

  it("is judged where it is used, not by itself", () => assert.equal(keys(["a/kms.json"]), 0));
  it("is judged by itself where it is not read", () => assert.equal(keys(["a/other.json"]), 1));
  it("is judged by itself too where it is named", () => assert.equal(keys(["a/kms.json"], true), 1));
});
