import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { anchorsOf, brokenLinks } from "../../scripts/check-links.ts";

const root = mkdtempSync(join(tmpdir(), "keywarden-links-"));
after(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, dirname(path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const FILE = "there is no such file";
const HEADING = "there is no such heading";
write("docs/other.md", '# Other page\n\n```sh\n# not a heading\n```\n\n<a id="named"></a>\n');
write("docs/data.json", "{}");

const cases: [text: string, problem?: string][] = [
  ["[a](other.md)"],
  ["[a](../docs/other.md#other-page)"],
  ["[a](other.md#named)"],
  ["[a](#own-heading)"],
  ["[a](data.json#L3)"],
  ["[a](.)"],
  ['[a](https://example.com/x.md#y) and <a href="mailto:a@b.c">'],
  ["`[a](gone.md)` and\n```\n[a](gone.md)\n```"],
  ["[a](gone.md)", `gone.md: ${FILE}`],
  ['![a](gone.png "title")', `gone.png: ${FILE}`],
  ["[a]: gone.md", `gone.md: ${FILE}`],
  ['<img src="gone.png">', `gone.png: ${FILE}`],
  ["[a](Other.md)", `Other.md: ${FILE}`],
  ["[a](other.md#gone)", `other.md#gone: ${HEADING}`],
  ["[a](other.md#not-a-heading)", `other.md#not-a-heading: ${HEADING}`],
  ["[a](#gone)", `#gone: ${HEADING}`],
  ["[a](../../x.md)", "../../x.md: the target is outside the repository"],
];
for (const [text, problem] of cases)
  test(`${JSON.stringify(text)}: ${problem ?? "nothing is broken"}`, () => {
    write("docs/page.md", `# Own heading\n${text}\n`);
    assert.deepEqual(brokenLinks(root), problem === undefined ? [] : [`docs/page.md:2: ${problem}`]);
  });

const headings: [heading: string, anchor: string][] = [
  ["# The gate: `keywarden serve`", "the-gate-keywarden-serve"],
  ["## POST /check", "post-check"],
  ["## What is *not* said_here", "what-is-not-said_here"],
  ["### [A link](other.md), 1.0", "a-link-10"],
  ["## Closed ##", "closed"],
  ["## A – b", "a--b"],
  ["## Über uns", "über-uns"],
];
for (const [heading, anchor] of headings)
  test(`${heading} is #${anchor}`, () => assert.deepEqual([...anchorsOf(heading)], [anchor]));

test("repeated headings are numbered", () =>
  assert.deepEqual([...anchorsOf("# A\n## A\n## A\n")], ["a", "a-1", "a-2"]));
