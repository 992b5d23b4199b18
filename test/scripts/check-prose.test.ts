import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { phrasesOf, problemsBelow, problemsIn } from "../../scripts/check-prose.ts";

const glossary = `# Glossary

| term | meaning |
|---|---|
| finding | one problem |

## Words that we do not use

| not | instead |
|---|---|
| stands in | is in |
| \`fence\`, fencing | condition that restricts access |

## More

| other | table |
|---|---|
| level | not a forbidden word |
`;
const phrases = phrasesOf(glossary);

test("the phrases are those of the one table", () => {
  assert.deepEqual(phrases, [
    { phrase: "stands in", instead: "is in" },
    { phrase: "fence", instead: "condition that restricts access" },
    { phrase: "fencing", instead: "condition that restricts access" },
  ]);
  assert.throws(() => phrasesOf("# Glossary\n"), /no table/);
});

const STANDS = "stands in → is in";
const FENCE = "fence → condition that restricts access";
const opens = (word: string) => `comment opens with "${word}" → name the subject first`;

const cases: [name: string, path: string, text: string, problems: string[]][] = [
  ["Markdown", "docs/a.md", "# A\nIt Stands in B.", [`2: ${STANDS}`]],
  ["inline code and link targets", "docs/a.md", "`fence` and [b](fence.md)", []],
  ["fenced code", "docs/a.md", "```sh\n# a fence\n```", [`2: ${FENCE}`]],
  ["whole words only", "docs/a.md", "fenced, defence, _fence_x", []],
  ["a phrase across two lines", "docs/a.md", "It stands\nin B.", [`1: ${STANDS}`]],
  ["not across a paragraph", "docs/a.md", "It stands\n\nin B.", []],
  ["YAML", "deploy/a.yaml", "a: 1 # a fence", [`1: ${FENCE}`]],
  ["code is not prose", "src/a.ts", "const fence = stands in x;", []],
  ["a string", "src/a.ts", 'f();\nf("a fence");', [`2: ${FENCE}`]],
  ["a template, without its values", "src/a.ts", "f(`a fence ${fence}`);", [`1: ${FENCE}`]],
  ["a module path", "src/a.ts", 'import "./fence.ts";', []],
  ["a regular expression hides no string", "src/a.ts", "f(/[\"`]/); g('fence');", [`1: ${FENCE}`]],
  ["a wrapped docstring", "src/a.ts", "/**\n * It stands\n * in B.\n */", [`2: ${STANDS}`]],
  ["a wrapped line comment", "src/a.ts", "// It stands\n  // in B.\nf();", [`1: ${STANDS}`]],
  ["two strings are two texts", "src/a.ts", 'f("stands", "in");', []],
  ["a docstring's opening", "src/a.ts", "/** What it is. */", [`1: ${opens("What")}`]],
  ["an opening on the second line", "src/a.ts", "/**\n * The same for b.\n */", [`1: ${opens("The same")}`]],
  ["a line comment's opening", "src/a.ts", "f(); // Of b.", [`1: ${opens("Of")}`]],
  ["only the first line opens", "src/a.ts", "// It is b.\n// What else?\n", []],
  ["not a part of a word", "src/a.ts", "// Offers b.\n// Whatever.", []],
  [
    "Rego",
    "policies/a.rego",
    '# Whether\n# a fence\nx := "#fence" # it',
    [`1: ${opens("Whether")}`, `2: ${FENCE}`, `3: ${FENCE}`],
  ],
  [
    "Go",
    "terraform/a.go",
    "// Where it is.\nvar a = '\"' // \"\nvar fence = `a fence`",
    [`1: ${opens("Where")}`, `3: ${FENCE}`],
  ],
];
for (const [name, path, text, problems] of cases)
  test(name, () =>
    assert.deepEqual(
      problemsIn(path, text, phrases),
      problems.map((problem) => `${path}:${problem}`),
    ),
  );

test("the glossary, generated files and data are left out", () => {
  const root = mkdtempSync(join(tmpdir(), "keywarden-prose-"));
  const files = [
    ...[
      "docs/rules/a.md",
      "src/generated/a.ts",
      "src/model/a.json",
      "bundles/a.md",
      "docs/node_modules/a.md",
    ],
    ...["README.md", "docs/b/a.md", "src/a/a.ts", "policies/a.rego", "scripts/a.mjs", "action.yml"],
  ];
  for (const path of files) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), path.endsWith(".rego") ? "# fence" : "/* fence */");
  }
  writeFileSync(join(root, "docs/glossary.md"), glossary);
  assert.deepEqual(
    problemsBelow(root).map((problem) => problem.split(":")[0]),
    ["README.md", "docs/b/a.md", "src/a/a.ts", "policies/a.rego", "scripts/a.mjs", "action.yml"],
  );
  rmSync(root, { recursive: true });
});
