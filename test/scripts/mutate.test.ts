import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { transformSync } from "esbuild";
import { type Mutant, mutated } from "../../scripts/mutate/mutant.ts";
import { regoMutants } from "../../scripts/mutate/rego.ts";
import { MutantSwitch } from "../../scripts/mutate/switch.ts";
import { instrument } from "../../scripts/mutate/typescript.ts";

function changes(rego: string): string[] {
  const root = mkdtempSync(join(tmpdir(), "keywarden-test-"));
  try {
    writeFileSync(join(root, "a.rego"), rego);
    return regoMutants(root, "a.rego", rego).map(({ from, to }: Mutant) => `${from} → ${to}`);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test("the mutants of a rule drop, invert and change its conditions", () => {
  const rule = (body: string): string =>
    `package a\n\nfail contains x if {\n\tsome x in input.xs\n\t${body}\n}\n`;
  for (const [body, expected] of [
    ['x.kind == "é"', [" → false; ", 'x.kind == "é" → true', "== → !="]],
    ["not x.known", [" → false; ", "not x.known → true", "not x.known → x.known"]],
    ["count(x) > 1", [" → false; ", "count(x) > 1 → true", "> → <=", "1 → 2", "1 → 0"]],
    ["x.a < x.b", [" → false; ", "x.a < x.b → true", "< → >=", "< → <="]],
    [
      'x.kind in {"a", "b"}',
      [
        " → false; ",
        'x.kind in {"a", "b"} → true',
        'x.kind in {"a", "b"} → not x.kind in {"a", "b"}',
        '"a" → "a~"',
        '"b" → "b~"',
      ],
    ],
    ['message := $"{x} is open"', [" → false; "]],
  ] as const)
    assert.deepEqual(changes(rule(body)), expected, body);
});

test("the mutants of a rule include those after else", () => {
  assert.deepEqual(changes("package a\n\nlevel := 1 if input.open\n\nelse := 2 if input.known\n"), [
    "1 → 2",
    "1 → 0",
    "input.open → false",
    "input.open → true",
    "input.open → not input.open",
    "2 → 3",
    "2 → 1",
    "input.known → false",
    "input.known → true",
    "input.known → not input.known",
  ]);
});

/** Returns what `run` returns for each mutant of a TypeScript module. */
function results(source: string, ...input: unknown[]): { [change: string]: unknown } {
  const { mutants, text } = instrument("a.ts", source);
  const { code } = transformSync(`${text}\nreturn run;`, { loader: "ts" });
  const active = new MutantSwitch();
  const run = new Function("globalThis", code)({ __mutants: active }) as (...input: unknown[]) => unknown;
  const results = mutants.map(({ from, to }, n) => {
    active.start(n, 1_000);
    try {
      return [`${from} → ${to}`, run(...input)];
    } catch (error) {
      return [`${from} → ${to}`, (error as Error).message];
    }
  });
  active.start(-1, 1_000);
  return { original: run(...input), ...Object.fromEntries(results) };
}

test("a module contains all of its mutants, and runs one at a time", () => {
  assert.deepEqual(results("function run(a: number, b: number): boolean { return a < b && a > 0; }", 2, 2), {
    original: false,
    "a < b && a > 0 → true": true,
    "a < b && a > 0 → false": false,
    "a < b && a > 0 → (a < b) || (a > 0)": true,
    "a < b → (a) >= (b)": true,
    "a < b → (a) <= (b)": true,
    "a > 0 → (a) <= (0)": false,
    "a > 0 → (a) >= (0)": false,
    "0 → 1": false,
    "0 → -1": false,
  });
  assert.deepEqual(results("const run = (list: number[]): number[] => list?.filter(Boolean);", [0, 1]), {
    original: [1],
    "list?.filter(Boolean) → []": [],
  });
});

test("a mutant that never ends is stopped", () => {
  const { "n === 3 → false": stopped } = results(
    "function run(): number { for (let n = 0; ; n += 1) { if (n === 3) return n; } }",
  );
  assert.equal(stopped, "The mutant takes too many steps.");
});

test("a mutant replaces a part of its file", () => {
  const mutant = { file: "a.ts", line: 1, within: "", start: 4, end: 5, from: "b", to: "c" };
  assert.equal(mutated("a = b;", mutant), "a = c;");
});
