/** Writes the skeleton of a rule, with a test and examples that pass: `make new-rule KIND=key NAME=some_problem`. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { examplesOf } from "./new-rule/examples.ts";
import { type Kind, kinds, ruleOf, testOf } from "./new-rule/rules.ts";

const [kind = "", name = ""] = process.argv.slice(2);
const example = "Example: make new-rule KIND=key NAME=some_problem";
const folder = `policies/kms/rules/${name}`;
const url = new URL(`../${folder}/`, import.meta.url);

if (!Object.hasOwn(kinds, kind)) stop(`KIND is one of ${Object.keys(kinds).join(", ")}. ${example}`);
if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) stop(`NAME is a name in snake_case. ${example}`);
if (existsSync(url)) stop(`${folder} already exists. Choose another NAME, or remove the directory.`);

const skeleton = kinds[kind as Kind];
const files: { [path: string]: string } = {
  [`${name}.rego`]: ruleOf(name, skeleton),
  [`${name}_test.rego`]: testOf(name, skeleton),
  ...Object.fromEntries(
    Object.entries(examplesOf(kind as Kind)).map(([path, text]) => [`examples/${path}`, text]),
  ),
};
mkdirSync(new URL("examples/", url), { recursive: true });
for (const [path, text] of Object.entries(files)) {
  writeFileSync(new URL(path, url), text);
  console.log(`${folder}/${path}`);
}
console.log(`
Every file reports a placeholder. Replace it step by step, and run after each step:

  make fmt build docs
  make test`);

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}
