import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { OPAClient } from "@open-policy-agent/opa";
import { type Served, serve } from "../../server/served.ts";
import { read, root } from "../../server/support.ts";

const run = promisify(execFile);
let server: Served;
before(async () => {
  server = await serve();
});
after(() => server.end("SIGKILL"));

const everyone = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
};
interface Result {
  msg: string;
  metadata: { rule: string };
}

describe("@open-policy-agent/opa", () => {
  const client = () => new OPAClient(server.url);

  it("evaluates a rule", async () => {
    assert.equal(await client().evaluate("keywarden/allow", everyone), false);
    assert.equal(await client().evaluate("keywarden/allow", {}), true);
    const deny = await client().evaluate<typeof everyone, Result[]>("keywarden/deny", everyone);
    assert.ok(deny.some(({ metadata }) => metadata.rule === "public_access"));
  });

  it("evaluates a package", async () => {
    const { outcome } = await client().evaluate<object, { outcome: string }>("keywarden", { text: 1 });
    assert.equal(outcome, "undecided");
  });

  it("evaluates several inputs, one at a time because there is no batch API", async () => {
    const inputs = { everyone, nothing: {} };
    const results = await client().evaluateBatch("keywarden/allow", inputs, { fallback: true });
    assert.deepEqual(results, { everyone: false, nothing: true });
  });

  it("returns undefined for a missing document, and throws for the default decision", async () => {
    assert.equal(await client().evaluate("keywarden/nonsense", {}), undefined);
    await assert.rejects(client().evaluateDefault({}), /document missing: data\.system\.main/);
  });
});

const python = join(root, ".cache/clients/bin/python");
const installed = existsSync(python) ? {} : { skip: "opa-python-client is not installed: make clients" };

it("opa-python-client", installed, async () => {
  const { port } = new URL(server.url);
  const { stdout } = await run(python, [join(root, "test/integration/server/clients.py"), port]);
  const { rules, ...told } = JSON.parse(stdout);
  assert.ok(rules.includes("public_access"), stdout);
  assert.deepEqual(told, {
    decided: ["decision_id", "result"],
    nothing: true,
    allow: false,
    metrics: ["timer_rego_input_parse_ns", "timer_rego_query_eval_ns", "timer_server_handler_ns"],
    revision: server.log().find(({ msg }) => msg === "Listening")?.["revision"],
  });
});

/** Returns the code blocks of a page in a language, with the URL of this server. */
const blocks = (page: string, language: string): string[] =>
  [...read(`docs/server/${page}`).matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, found]) => found === language)
    .map(([, , text = ""]) => text.replaceAll("http://127.0.0.1:8181", server.url));

const has = (tool: string) => spawnSync(tool, ["--version"]).status === 0;
const tools =
  has("curl") && has("jq") ? {} : { skip: "curl or jq is not installed: apt-get install curl jq" };

describe("the code blocks of the pages", () => {
  const folder = mkdtempSync(join(tmpdir(), "keywarden-clients-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const key = 'resource "aws_kms_key" "app" {}\n';
  const files = {
    "kms.yaml": "Resources: {Key: {Type: AWS::KMS::Key}}",
    "plan.json": read("policies/kms/rules/public_access/examples/fail.plan.json"),
    "main.tf": `${key}module "kms" {\n  source = "./modules/kms"\n}\n`,
    "modules/kms/main.tf": key,
    "policy.json": "{}",
  };
  before(() => {
    mkdirSync(join(folder, "modules/kms"), { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  });
  const shell = async (block: string | undefined) => {
    assert.ok(block !== undefined);
    const pending = run("bash", ["-c", block], { cwd: folder }).catch((error) => error);
    const { stdout, code = 0 } = (await pending) as { stdout: string; code?: number };
    return { said: JSON.parse(stdout), code };
  };

  it("check.md", tools, async () => {
    const [file, gate, form] = blocks("check.md", "sh");
    assert.deepEqual((await shell(file)).said.files[0].file, "kms.yaml");
    assert.deepEqual(await shell(gate), { said: false, code: 1 });
    assert.deepEqual(
      (await shell(form)).said.files.map((one: { file: string }) => one.file),
      ["main.tf", "modules/kms/main.tf"],
    );
  });

  it("opa.md", tools, async () => {
    const [policy, directory] = blocks("opa.md", "sh");
    assert.equal((await shell(policy)).said.result, false);
    assert.deepEqual((await shell(directory)).said.result, []);
  });

  const binary = join(root, ".cache/bin/opa");
  it(
    "an OPA policy that queries the server",
    existsSync(binary) ? {} : { skip: "opa is not built: make tools" },
    async () => {
      const [rego = ""] = blocks("opa.md", "rego");
      const asks = async (text: string, input: object): Promise<string[]> => {
        writeFileSync(join(folder, "ask.rego"), text);
        writeFileSync(join(folder, "input.json"), JSON.stringify(input));
        const eval_ = ["eval", "--data", "ask.rego", "--input", "input.json", "--format", "json"];
        const { stdout } = await run(binary, [...eval_, "data.terraform.deny"], { cwd: folder });
        return JSON.parse(stdout).result[0].expressions[0].value;
      };
      assert.match((await asks(rego, everyone)).join("\n"), /anyone|everyone/i);
      assert.deepEqual(await asks(rego, {}), []);
      assert.deepEqual(await asks(rego.replace(server.url, "http://127.0.0.1:1"), {}), [
        "Keywarden did not answer",
      ]);
    },
  );
});
