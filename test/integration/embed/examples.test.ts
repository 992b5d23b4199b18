import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../support.ts";
import { embedded, linesOf, node, program, reportIn } from "./support.ts";

const read = (path: string) => readFileSync(join(root, "examples", path), "utf8");
const good = read("default-key-policy/template.yaml");
const bad = read("cross-account-without-root/template.yaml");
const unsafe = ["key_unmanageable", "root_access_missing"];

test("every example has a page that the index lists", () => {
  const index = read("embed/README.md");
  const folders = readdirSync(join(root, "examples/embed"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  for (const { name } of folders) {
    assert.ok(index.includes(`](${name}/README.md)`), name);
    for (const [, target = ""] of read(`embed/${name}/README.md`).matchAll(/\]\(([^)#]+)/g))
      assert.ok(existsSync(join(root, "examples/embed", name, target)), target);
  }
});

test("the CDK app synthesizes only with its rule settings and acknowledgment", embedded, () => {
  const folder = program({}, "cdk");
  const { status, stderr } = node(folder, "app.cjs");
  assert.equal(status, 0, stderr);
  assert.deepEqual(linesOf(reportIn(folder)?.suppressedViolations), [
    "error rotation_disabled Orders/Key/Resource",
  ]);
  const changes: [from: string, to: string, found: string][] = [
    [
      "accounts: [partner]",
      'accounts: ["999988887777"]',
      "error untrusted_account Orders/Key/Resource Properties.KeyPolicy.Statement.1.Principal.AWS",
    ],
    ["keywarden::rotation_disabled", "keywarden::other", "error rotation_disabled Orders/Key/Resource"],
  ];
  for (const [from, to, found] of changes) {
    const app = readFileSync(join(folder, "app.cjs"), "utf8").replace(from, to);
    const changed = program({ "app.cjs": app });
    assert.equal(node(changed, "app.cjs").status, 1);
    assert.deepEqual(linesOf(reportIn(changed)?.violations), [found]);
  }
});

test("the service responds with 200, 422 and 400", embedded, async () => {
  const { build } = await load("fastify", "server.mjs");
  const app = build();
  after(() => app.close());
  const post = async (payload: string, type: string) => {
    const { statusCode, body } = await app.inject({
      method: "POST",
      url: "/checks?file=orders.yaml",
      payload,
      headers: { "content-type": type },
    });
    return { statusCode, answer: JSON.parse(body) };
  };
  const passes = await post(good, "text/plain");
  assert.equal(passes.statusCode, 200);
  assert.equal(passes.answer.passed, true);
  const fails = await post(bad, "application/yaml");
  assert.equal(fails.statusCode, 422);
  assert.deepEqual(
    fails.answer.findings.map(({ rule }: { rule: string }) => rule),
    unsafe,
  );
  const broken = await post("{", "application/json");
  assert.equal(broken.statusCode, 422);
  assert.equal(broken.answer.problems[0].file, "orders.yaml");
  assert.equal((await post("", "text/plain")).statusCode, 400);
});

/** A module of an example, with what it imports. */
const load = (example: string, file: string) => import(pathToFileURL(join(program({}, example), file)).href);

/** GitHub, as far as a bot sees it. */
async function github(files: { [path: string]: string }, comments: { id: number; body: string }[] = []) {
  const calls: string[] = [];
  const removed = { filename: "gone.yaml", status: "removed" };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://github");
    const path = decodeURIComponent(url.pathname.replace("/repos/acme/orders", ""));
    let text = "";
    for await (const chunk of request) text += chunk;
    if (request.method !== "GET") calls.push(`${request.method} ${path}`);
    const send = (body: unknown, status = 200) =>
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    if (request.headers.authorization !== "Bearer secret") return send("", 401);
    if (request.method === "POST" && path === "/issues/7/comments")
      return send(comments.push({ id: comments.length + 1, ...JSON.parse(text) }), 201);
    const edited = comments.find(({ id }) => path === `/issues/comments/${id}`);
    if (request.method === "PATCH" && edited) return send(Object.assign(edited, JSON.parse(text)));
    if (path === "/pulls/7") return send({ head: { sha: "abc" } });
    const page = Number(url.searchParams.get("page") ?? 1) - 1;
    const paged = (list: unknown[]) => send(list.slice(page * 100, page * 100 + 100));
    if (path === "/pulls/7/files")
      return paged([removed, ...Object.keys(files).map((filename) => ({ filename, status: "added" }))]);
    if (path === "/issues/7/comments") return paged(comments);
    const content = files[path.replace("/contents/", "")];
    return content === undefined || url.searchParams.get("ref") !== "abc" ? send("", 404) : send(content);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  after(() => server.close());
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { api, calls, comments };
}

test(
  "the bot comments once, keeps its comment up to date, and is silent where all is well",
  embedded,
  async () => {
    const { review } = await load("pull-request-bot", "bot.mjs");
    const about = { repository: "acme/orders", number: 7, token: "secret" };
    const files: { [path: string]: string } = { "infra/my key.yaml": bad, "README.md": "kms" };
    // More than GitHub lists at once.
    for (let i = 0; i < 120; i += 1) files[`notes/${i}.txt`] = "";
    files["infra/last.yaml"] = bad;
    const there = await github(files, [{ id: 1, body: "Nice!" }]);
    assert.equal(await review({ ...about, api: there.api }), false);
    assert.deepEqual(there.calls, ["POST /issues/7/comments"]);
    const comment = there.comments[1]?.body ?? "";
    assert.match(comment, /^<!-- keywarden -->\n\n### ❌ Keywarden: 4 errors/);
    assert.match(comment, /infra\/my key\.yaml/);
    assert.match(comment, /infra\/last\.yaml/);

    files["infra/my key.yaml"] = good;
    delete files["infra/last.yaml"];
    assert.equal(await review({ ...about, api: there.api }), true);
    assert.deepEqual(there.calls, ["POST /issues/7/comments", "PATCH /issues/comments/2"]);
    assert.match(there.comments[1]?.body ?? "", /### ✅/);

    const quiet = await github({ "infra/key.yaml": good });
    assert.equal(await review({ ...about, api: quiet.api }), true);
    assert.deepEqual(quiet.calls, []);
  },
);

test("the bot does not treat an unreadable file as compliant", embedded, async () => {
  const { review } = await load("pull-request-bot", "bot.mjs");
  const { api } = await github({ "infra/key.yaml": good });
  const about = { repository: "acme/orders", number: 7, api };
  await assert.rejects(review({ ...about, token: "stale" }), /GitHub responded with 401 to GET \/pulls\/7/);
});

test("the function responds at its URL", embedded, async () => {
  const { handler } = await load("lambda", "handler.mjs");
  const post = (body: string) =>
    handler({
      requestContext: { http: { method: "POST" } },
      queryStringParameters: { file: "orders.yaml" },
      body: Buffer.from(body).toString("base64"),
      isBase64Encoded: true,
    });
  assert.equal((await post(good)).statusCode, 200);
  const { statusCode, body } = await post(bad);
  assert.equal(statusCode, 422);
  const [{ filename, failures }] = JSON.parse(body);
  assert.equal(filename, "orders.yaml");
  assert.equal(failures.length, unsafe.length);
  assert.equal((await post("{")).statusCode, 422);
  assert.equal((await post("")).statusCode, 400);
});

test("the function checks files that are uploaded to a bucket", embedded, async () => {
  const { handlerWith } = await load("lambda", "handler.mjs");
  const objects: { [name: string]: string } = { "uploads/my orders.yaml": bad, "uploads/fine.yaml": good };
  const handler = handlerWith(async (bucket: string, key: string) => objects[bucket + key.slice(7)]);
  const uploaded = (key: string) =>
    handler({ Records: [{ s3: { bucket: { name: "uploads" }, object: { key } } }] });
  assert.deepEqual(await uploaded("uploads/fine.yaml"), { checked: ["uploads/fine.yaml"] });
  await assert.rejects(uploaded("uploads/my+orders.yaml"), /uploads\/my orders\.yaml/);
});
