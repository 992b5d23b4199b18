import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../scripts/opa.ts";

const root = new URL("..", import.meta.url).pathname;

/** Returns the lines of a file on which a whole condition is a comprehension. */
function comprehensionsIn(file: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { body = [] } = node as { body?: { terms?: { type?: string; location?: { row: number } } }[] };
    for (const { terms } of Array.isArray(body) ? body : [])
      if (terms?.type?.endsWith("comprehension")) found.push(`${file}:${terms.location?.row}`);
    for (const value of Object.values(node)) visit(value);
  };
  visit(JSON.parse(run(root, "parse", "--format", "json", "--json-include", "locations", file)));
  return found;
}

// OPA reads `test_x if { a | b == set() }` as the set of all `a` for which `b == set()`, and a set is always true.
test("no condition of a Rego file is a comprehension, which always holds", () => {
  const files = readdirSync(join(root, "policies"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".rego"))
    .map((name) => join("policies", name));
  assert.ok(files.length > 100);
  assert.deepEqual(files.flatMap(comprehensionsIn), []);
});
