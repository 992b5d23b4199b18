import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { opaProtocol } from "../../src/gate/protocols/opa/index.ts";
import { until } from "../until.ts";
import { decideBy, request, root } from "./support.ts";

const decide = decideBy();
type Call = [method: string, target: string, body?: string, type?: string];
const call = ([method, target, body, type]: Call) =>
  opaProtocol.handle(
    request(method, target, body, type === undefined ? {} : { "content-type": type }),
    decide,
  );

const everyone = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }],
};

const binary = join(root, ".cache/bin/opa");
const built = existsSync(binary) ? {} : { skip: "opa is not built: make tools" };

/** OPA serves the documents of one input as its data, so it answers every request for them itself. */
describe("the server answers like OPA", built, () => {
  const folder = mkdtempSync(join(tmpdir(), "keywarden-opa-"));
  let server: ChildProcess;
  let url = "";
  before(async () => {
    const { body } = call(["POST", "/v1/data", input]);
    const data = JSON.parse(body).result;
    writeFileSync(join(folder, "data.json"), JSON.stringify(data));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const log = ["--set", "decision_logs.console=true"];
    server = spawn(binary, ["run", "-s", ...log, "--addr", `127.0.0.1:${port}`, "data.json"], {
      cwd: folder,
      stdio: "ignore",
    });
    await until(() =>
      fetch(`${url}/health`).then(
        () => true,
        () => false,
      ),
    );
  });
  after(() => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const input = JSON.stringify({ input: everyone });
  const bare = JSON.stringify(everyone);
  const yaml = `input: ${bare}\n`;
  const asked = encodeURIComponent(bare);
  const calls: Call[] = [
    ...["", "/", "/keywarden", "/keywarden/", "/keywarden//deny", "/keywarden/allow", "/keywarden/deny"].map(
      (path): Call => ["POST", `/v1/data${path}`, input],
    ),
    ...[
      "deny/0",
      "deny/00/msg",
      "deny/0/metadata/rule",
      "deny/99",
      "deny/x",
      "deny/-1",
      "nope",
      "allow/x",
    ].map((path): Call => ["POST", `/v1/data/keywarden/${path}`, input]),
    ["POST", "/v1/data/keywarden//allow?pretty", input],
    ["POST", "/v1/data/keywarden/%61llow", input],
    ["POST", "/v1/data/other", input],
    ["POST", "/v1/data/__proto__", input],
    ["GET", `/v1/data/keywarden/allow?input=${asked}`],
    ["GET", `/v1/data/keywarden/allow?input=1&input=${asked}`],
    ["GET", "/v1/data/keywarden/allow?input="],
    ["GET", "/v1/data/keywarden/allow?input=%7B"],
    ["GET", "/v1/data/keywarden/allow?pretty"],
    ["POST", "/v1/data/keywarden/allow"],
    ["POST", "/v1/data/keywarden/allow", "{}"],
    ["POST", "/v1/data/keywarden/allow", "null"],
    ["POST", "/v1/data/keywarden/allow", '{"input": null}'],
    ["POST", "/v1/data/keywarden/allow", "  \n"],
    ["POST", "/v1/data/keywarden/allow", "[1]"],
    ["POST", "/v1/data/keywarden/allow", '"text"'],
    ["POST", "/v1/data/keywarden/allow", "{"],
    ["POST", "/v1/data/keywarden/allow", '{"input":}'],
    ["POST", "/v1/data/keywarden/allow", yaml, "application/yaml"],
    ["POST", "/v1/data/keywarden/allow", yaml, "application/x-yaml; charset=utf-8"],
    ["POST", "/v1/data/keywarden/allow", "input: [", "text/yaml"],
    ...["pretty", "pretty=TRUE", "pretty=false", "pretty=yes", "explain=notes", "explain=off", "explain"].map(
      (query): Call => ["POST", `/v1/data/keywarden/allow?${query}`, input],
    ),
    ["POST", "/v1/data/keywarden/allow?metrics&strict-builtin-errors", input],
    ["POST", "/v1/data/keywarden/allow?metrics=false&provenance=true", input],
    ["POST", "/v1/data/keywarden/allow?provenance&pretty&metrics", input],
    ...[
      "",
      "/",
      "/keywarden/deny",
      "/keywarden/allow?pretty",
      "/keywarden/nope",
      "/other/x/0",
      "/other/a%20b/-1/00",
    ].map((path): Call => ["POST", `/v0/data${path}`, bare]),
    ["POST", "/v0/data/keywarden/allow", "{"],
    ["POST", "/v0/data/keywarden/allow", bare, "application/yaml"],
    ["GET", "/v0/data/keywarden/allow"],
    ["PUT", "/v0/data/keywarden/allow", bare],
    ["OPTIONS", "/v1/data/keywarden/allow"],
    ["POST", "/", bare],
    ["POST", "/?pretty", bare],
  ];
  for (const one of calls)
    it(one.join(" ").slice(0, 100), async () => {
      const [method, target, body, type] = one;
      const theirs = await fetch(url + target, {
        method,
        redirect: "manual",
        ...(body === undefined ? {} : { body }),
        headers: type === undefined ? {} : { "content-type": type },
      });
      const ours = call(one);
      assert.deepEqual(
        comparable(ours.status, ours.headers, ours.body),
        comparable(theirs.status, Object.fromEntries(theirs.headers), await theirs.text()),
      );
    });
});

/** Returns what both answers must have in common: everything but IDs, times, versions and parser messages. */
function comparable(status: number, headers: { [name: string]: string }, body: string) {
  const { location, "content-type": type } = headers;
  const indented = /^\{\n {2}"|^\[\n/.test(body);
  const value = body.startsWith("{") || body.startsWith("[") ? JSON.parse(body) : body;
  const without = JSON.parse(JSON.stringify(value), (name, inner) => {
    if (name === "decision_id") return /^[0-9a-f-]{36}$/.test(inner);
    if (name === "metrics")
      return Object.keys(inner).filter((key) =>
        /^timer_(rego_(input_parse|query_eval)|server_handler)_ns$/.test(key),
      );
    if (name === "provenance")
      return ["version", "build_commit"].every((key) => typeof inner[key] === "string");
    if (name === "message") return inner.replace(/(malformed input document: ).*/s, "$1…");
    return inner;
  });
  // Without an input Keywarden decides nothing, but OPA's data always exists.
  const verdict = without?.warning === undefined && status === 200 ? without : { ...without, result: null };
  return { status, location, type, indented, newline: body.endsWith("\n"), body: verdict };
}

/** Returns a port that is free. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
