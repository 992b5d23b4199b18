import { equal, ok } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { reporters } from "../../src/reporters/index.ts";
import { options, sample } from "./support.ts";

// Renders one report in every format. UPDATE=1 writes the golden files.
const directory = join(import.meta.dirname, "golden");
const names: { [format: string]: string } = {
  json: "json.json",
  junit: "junit.xml",
  sarif: "sarif.sarif",
  gitlab: "gitlab.json",
  markdown: "markdown.md",
  html: "html.html",
};

const pathOf = (format: string): string => join(directory, names[format] ?? `${format}.txt`);

describe("one report in every format", () => {
  for (const [name, reporter] of reporters)
    it(name, () => {
      const path = pathOf(name);
      const output = reporter(sample, options);
      if (process.env.UPDATE === "1") writeFileSync(path, output);
      equal(output, readFileSync(path, "utf8"));
    });
});

describe("docs/output.md", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/output.md"), "utf8");
  const sections = new Map(
    page.split(/^(?=##+ )/m).map((section) => [/^##+ (.*)/.exec(section)?.[1] ?? "", section]),
  );

  for (const format of reporters.keys())
    it(`quotes the actual output of ${format}`, () => {
      const section = sections.get(format);
      ok(section !== undefined && page.includes(`[\`${format}\`](#${format})`), `${format} is not described`);
      const lines = new Set(readFileSync(pathOf(format), "utf8").split("\n").map(bare));
      for (const [, example = ""] of section.matchAll(/^```\w*\n(.*?)^```$/gms))
        for (const line of example.split("\n").map(bare))
          ok(line === "…" || lines.has(line), `${format} has no line ${line}`);
    });
});

const bare = (line: string): string => line.trim().replace(/,$/, "");
