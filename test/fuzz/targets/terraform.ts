/** Terraform source: expressions in a module, and whole modules. */
import { damaged } from "../../laws/holes/corrupt.ts";
import { terraform, terraformJson } from "../../laws/holes/terraform.ts";
import { packFiles, unpackFiles } from "../harness/archive.ts";
import { bytesOf, type Target, textOf } from "../harness/target.ts";
import { checkSources } from "../oracles/report.ts";
import { filesBelow } from "../seeds.ts";
import { words } from "../words.ts";

const seeds = (): Uint8Array[] => filesBelow("test/formats/terraform-source", /\.(tf|tofu)$/);

const expressions = (texts: readonly Uint8Array[]): Uint8Array[] =>
  texts.flatMap((text) =>
    [...textOf(text).matchAll(/^\s+\w+\s*=\s*(\S.*)$/gm)].map(([, expression = ""]) => bytesOf(expression)),
  );

export const expressionTarget: Target = {
  name: "expressions",
  dictionary: words.terraform,
  seeds: () => expressions(seeds()).filter((_, i) => i % 5 === 0),
  generate(random) {
    const text = Object.values(terraform(random)).join("\n");
    const found = [...text.matchAll(/^\s+\w+\s*=\s*(\S.*)$/gm)].map(([, expression = ""]) => expression);
    return bytesOf(found.length > 0 ? random.pick(found) : text);
  },
  check(input, thorough) {
    const expression = textOf(input);
    const text = `variable "v" {}\nlocals {\n  l = ${expression}\n}\nresource "aws_kms_key" "k" {\n  description = "x"\n  policy = ${expression}\n}\n`;
    checkSources([{ path: "expression/main.tf", text, named: true }], thorough);
  },
};

export const moduleTarget: Target = {
  name: "modules",
  dictionary: words.terraform,
  seeds: () => seeds().map((text) => bytesOf(packFiles({ "main.tf": textOf(text) }))),
  generate(random) {
    const files = random.chance(0.8) ? terraform(random) : terraformJson(random);
    return bytesOf(packFiles(random.chance(0.3) ? damaged(files, random) : files));
  },
  check(input, thorough) {
    const files = Object.entries(unpackFiles(textOf(input), "main.tf")).slice(0, 10);
    const sources = files.map(([path, text]) => ({ path: `module/${path}`, text, named: true }));
    checkSources(sources, thorough);
  },
};
