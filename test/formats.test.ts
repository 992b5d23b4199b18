import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { normalizeTerraform } from "../src/core/formats/terraform-source/index.ts";
import { linkParts } from "../src/core/link/link.ts";
import { redacted } from "../src/core/link/redact.ts";
import type { Format, Part, TargetOptions } from "../src/core/model/format.ts";
import type { Parsed, Problem, Source } from "../src/core/model/source.ts";
import type { EvaluationResponse } from "../src/core/model/terraform-evaluation.ts";
import { parseJson } from "../src/core/parse/json.ts";
import { parseYaml } from "../src/core/parse/yaml.ts";

// Each directory in test/formats/<format>/ is a test: the format normalizes input.yaml or input.json, and the document
// and its problems must equal document.json. options.json is optional. A Terraform source test has response.json
// instead: the evaluator's response for the files in the directory. UPDATE=1 rewrites every document.json and
// UPDATE=<format> rewrites those of one format. Review the diff.
const root = new URL("./formats/", import.meta.url);
const update = process.env.UPDATE;

for (const format of folders(root)) {
  for (const name of folders(new URL(`${format}/`, root))) {
    const folder = new URL(`${format}/${name}/`, root);
    const input = readdirSync(folder).find((file) => /^(input\.(json|ya?ml)|response\.json)$/.test(file));
    if (input === undefined) continue;
    test(`${format}: ${name.replaceAll("-", " ")}`, async () => {
      const source = { path: input, text: readFileSync(new URL(input, folder), "utf8") };
      const options = (json(new URL("options.json", folder)) ?? {}) as TargetOptions;
      const document =
        input === "response.json"
          ? evaluated(JSON.parse(source.text) as EvaluationResponse, folder, options)
          : documentOf(await formatIn(format), source, options);
      const golden = new URL("document.json", folder);
      if (update === "1" || update === format)
        writeFileSync(golden, `${JSON.stringify(document, null, 2)}\n`);
      assert.deepEqual(document, json(golden));
    });
  }
}

function folders(parent: URL): string[] {
  const entries = readdirSync(parent, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function json(file: URL): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function evaluated(response: EvaluationResponse, folder: URL, options: TargetOptions): unknown {
  const texts = (path: string) => readFileSync(new URL(path, folder), "utf8");
  return JSON.parse(JSON.stringify(linked([normalizeTerraform(response, texts, options).part], options)));
}

async function formatIn(directory: string): Promise<Format> {
  const module = (await import(`../src/core/formats/${directory}/index.ts`)) as { [name: string]: unknown };
  const formats = Object.values(module).filter((value) => typeof (value as Format).detect === "function");
  assert.equal(formats.length, 1, `src/core/formats/${directory}/index.ts exports one format`);
  return formats[0] as Format;
}

function documentOf(format: Format, source: Source, options: TargetOptions): unknown {
  const parsed = source.path.endsWith(".json") ? parseJson(source) : parseYaml(source);
  if ("message" in parsed) assert.fail(parsed.message);
  const all = [parsed].flat();
  const parts = all.map((one: Parsed) => {
    assert.ok(format.detect(one.value, source), "the format recognizes its input");
    return format.normalize(one, options, all);
  });
  const problems: Problem[] = parts.flatMap((part) => part.problems);
  const document = linked(parts, options);
  return JSON.parse(JSON.stringify(problems.length > 0 ? { ...document, problems } : document));
}

/** Returns the document before the analysis of its policies, which test/analysis tests. */
const linked = (parts: Part[], options: TargetOptions) => redacted(linkParts(parts, options));
