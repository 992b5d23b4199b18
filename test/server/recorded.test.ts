import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { deployedServer } from "./deployed.ts";
import { normalizeResponse, recordedFolder } from "./recorded-support.ts";
import { ask, serve } from "./served.ts";

// Each `.http` file is a request as the Kubernetes API server or Gatekeeper sent it, and the `.json` file next to it is
// the response. `make test-gate-real RECORD=1` records both. After a change of a message, UPDATE=1 writes the responses.

const { args, cwd } = deployedServer();
const gate = await serve([...args, "--anonymous=/gatekeeper/external-data"], { cwd });
after(() => gate.end("SIGKILL"));

function parseRequest(text: string) {
  const [head = "", body = ""] = text.split(/\n\n([\s\S]*)/);
  const [first = "", ...lines] = head.split("\n");
  const [method = "", target = ""] = first.split(" ");
  const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/).slice(0, 2)));
  return { method, target, headers, body: body.trimEnd() };
}

const names = readdirSync(recordedFolder)
  .filter((file) => file.endsWith(".http"))
  .map((file) => file.replace(/\.http$/, ""));

test("there are recorded requests", () => {
  assert.ok(names.length >= 10, names.join());
});

for (const name of names)
  test(`a recorded request gets the recorded response: ${name}`, async () => {
    const path = join(recordedFolder, name);
    const { target, ...request } = parseRequest(readFileSync(`${path}.http`, "utf8"));
    const { status, body } = await ask(gate.url + target, request);
    assert.equal(status, 200, body);
    const response = normalizeResponse(body);
    if (process.env["UPDATE"] === "1") writeFileSync(`${path}.json`, response);
    assert.equal(response, readFileSync(`${path}.json`, "utf8"));
  });
