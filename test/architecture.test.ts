/** docs/architecture.md names only paths and functions that exist, and every directory. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const root = new URL("..", import.meta.url).pathname;
const page = readFileSync(join(root, "docs/architecture.md"), "utf8");
const prose = page.replace(/^```[\s\S]*?^```/gm, "");
const named = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text);
const topLevel = readdirSync(root);

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts"))
  .map((path) => readFileSync(join(root, "src", path), "utf8"))
  .join("\n");

test("every path exists", () => {
  const paths = named.filter((text) => topLevel.includes(text.split("/")[0] ?? ""));
  assert.ok(paths.length > 40, String(paths.length));
  assert.deepEqual(
    paths.filter((path) => !existsSync(join(root, path))),
    [],
  );
});

test("every function exists", () => {
  const functions = named.filter((text) => /^[\w.]+\(\)$/.test(text)).map((text) => text.slice(0, -1));
  assert.ok(functions.length > 10, String(functions.length));
  assert.deepEqual(
    functions.filter((call) => !sources.includes(call)),
    [],
  );
});

test("every directory has a line", () => {
  const generated = ["coverage", "dist", "node_modules"];
  const inside = (path: string) =>
    readdirSync(join(root, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => join(path, name));
  const directories = ["", "src", "src/core", "src/hosts", "policies", "policies/kms"].flatMap(inside);
  assert.deepEqual(
    directories.filter((path) => !generated.includes(path) && !page.includes(`| \`${path}\` |`)),
    [],
  );
});
