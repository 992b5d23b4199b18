import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { EdgeVM } from "@edge-runtime/vm";
import { check, type Report } from "../../../src/hosts/library/index.ts";
import { bytes, read, root, source } from "../../library/support.ts";
import { scratch } from "../support.ts";

const built = readFileSync(`${root}dist/browser.js`, "utf8");

test("the browser library uses no Node APIs", () => {
  assert.doesNotMatch(built, /(?:^|[;}])import\s*[\w{*"']/m);
  assert.doesNotMatch(built, /\bimport\(|["']node:\w|\brequire\(["']/);
  for (const name of ["Buffer", "__dirname", "__filename"])
    assert.doesNotMatch(built, new RegExp(`(?<!["'\\w.$])${name}(?=[.([])`), name);
});

const tf = {
  path: "infra/main.tf",
  text: `resource "aws_kms_key" "a" {\n  deletion_window_in_days = 10\n}\n`,
};
const sources = [
  source(),
  tf,
  { path: "policy.json", text: read("examples/cross-account-without-root/policy.json") },
];
const suppressions = [
  { path: "s.yaml", text: "- { rule: alias_missing, resources: [Key], reason: a test }\n" },
];
const config = { overrides: [{ files: "*.json", levels: { rotation_disabled: "error" } }] };
const options = { suppressions, config } as const;

/** A function body that uses `library`, `bundle` and `terraform`, and returns a promise of a JSON string. */
const program = `
  const given = ${JSON.stringify({ sources, options })};
  const checker = library.createChecker({ ...given.options, bundle, terraform });
  const report = checker.check(given.sources);
  const codes = [];
  for (const options of [{}, { bundle: new Uint8Array(4) }, { bundle, terraform: true }])
    try { library.createChecker(options); } catch (error) { codes.push(error.code); }
  return (async () => {
    const stream = checker.stream(given.sources);
    const found = [];
    for await (const finding of stream) found.push(finding);
    const same = JSON.stringify(found) === JSON.stringify(report.findings);
    const sarif = library.render(report, "sarif");
    const baseline = library.baselineOf(report);
    return JSON.stringify({ report, codes, same, sarif, baseline });
  })();
`;

interface Said {
  report: Report;
  codes: string[];
  same: boolean;
  sarif: string;
  baseline: string;
}

const { baselineOf, render } = await import("../../../src/hosts/library/index.ts");

function isLikeNode(text: string): void {
  const { report, codes, same, sarif, baseline } = JSON.parse(text) as Said;
  const here = check(sources, { suppressions: [...suppressions], config: structuredClone(config) as object });
  assert.ok(here.findings.some(({ location }) => location.file === tf.path));
  assert.ok(here.findings.some(({ rule, level }) => rule === "rotation_disabled" && level === "error"));
  assert.deepEqual(report, JSON.parse(JSON.stringify(here)));
  assert.deepEqual(codes, ["unloadable-module", "unloadable-module", "unloadable-module"]);
  assert.ok(same);
  // Both contain hashes.
  assert.equal(sarif, render(here, "sarif"));
  assert.equal(baseline, baselineOf(here));
}

test("an edge runtime, which has only web APIs, reports the same findings as Node", async () => {
  const vm = new EdgeVM({ initialCode: "globalThis.process = undefined;" });
  const names = /export\s*\{([\s\S]*?)\};\s*$/.exec(built)?.[1] ?? "";
  const script = built.replace(
    /export\s*\{[\s\S]*?\};\s*$/,
    `globalThis.library = {${names.replace(/([\w$]+) as (\w+)/g, "$2: $1")}};`,
  );
  vm.evaluate(`(() => {${script}})();`);
  Object.assign(vm.context, {
    bundle: bytes("bundles/policy.wasm"),
    terraform: bytes("bundles/terraform.wasm"),
  });
  isLikeNode(await vm.evaluate<Promise<string>>(`(() => {${program}})()`));
});

const chromium = ["chromium", "chromium-browser", "google-chrome"].find((name) => {
  try {
    execFileSync("sh", ["-c", `command -v ${name}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

/** A page that runs the program in a worker: Chromium compiles large modules only there. */
const files: { [path: string]: [type: string, content: () => string | Uint8Array] } = {
  "/": [
    "text/html",
    () => `<!doctype html><title>waiting</title><pre></pre><script type="module">
      const worker = new Worker("/worker.js", { type: "module" });
      worker.onmessage = ({ data }) => { document.querySelector("pre").textContent = data; fetch("/done", { method: "POST", body: data }); };
      worker.onerror = ({ message }) => fetch("/done", { method: "POST", body: "error: " + message });
    </script>`,
  ],
  "/worker.js": [
    "text/javascript",
    () => `import * as library from "/browser.js";
      const load = async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer());
      const [bundle, terraform] = await Promise.all(["/policy.wasm", "/terraform.wasm"].map(load));
      const run = new Function("library", "bundle", "terraform", ${JSON.stringify(program)});
      try { postMessage(await run(library, bundle, terraform)); }
      catch (error) { postMessage("error: " + error.stack); }`,
  ],
  "/browser.js": ["text/javascript", () => built],
  "/policy.wasm": ["application/wasm", () => bytes("bundles/policy.wasm")],
  "/terraform.wasm": ["application/wasm", () => bytes("bundles/terraform.wasm")],
};

const listening = (server: Server): Promise<string> =>
  new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    ),
  );

test("Chromium reports the same findings as Node", {
  skip: chromium === undefined ? "Chromium is not installed: apt-get install chromium" : false,
  timeout: 120_000,
}, async () => {
  let said: (text: string) => void = () => {};
  const answer = new Promise<string>((resolve) => {
    said = resolve;
  });
  const server = createServer((request, response) => {
    const [type, content] = files[request.url ?? ""] ?? [];
    if (request.url === "/done") {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => said(Buffer.concat(chunks).toString()));
    }
    response.writeHead(content === undefined ? 404 : 200, { "content-type": type ?? "text/plain" });
    response.end(content?.());
  });
  const url = await listening(server);
  const profile = scratch();
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
  const browser = execFile(chromium as string, [
    ...flags,
    `--user-data-dir=${profile}`,
    "--remote-debugging-port=0",
    url,
  ]);
  const ended = new Promise<never>((_, reject) =>
    browser.once("exit", (code) => reject(new Error(`Chromium ended with ${code} and said nothing`))),
  );
  try {
    isLikeNode(await Promise.race([answer, ended]));
  } finally {
    ended.catch(() => undefined);
    const gone = new Promise((resolve) => browser.once("exit", resolve));
    if (browser.exitCode === null) {
      browser.kill();
      await gone;
    }
    server.closeAllConnections();
    server.close();
  }
});
