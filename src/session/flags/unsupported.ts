import type { FlagName } from "./flags.ts";
import type { Values } from "./values.ts";

/** Flags of conftest whose meaning cannot be kept, and what they would need. To ignore them would be a false pass. */
const refused: { [N in FlagName]?: string } = {
  policy:
    "--policy needs conftest: the rules are compiled in. Run your own on what Keywarden reads: keywarden normalize PATH… | conftest test --policy POLICY -",
  update: "--update needs conftest: the rules come with the package, and a newer package has newer rules",
  "proto-file-dirs":
    "--proto-file-dirs needs conftest: Keywarden reads JSON, YAML and Terraform's source, no Protocol Buffers",
};

const parsers = ["json", "yaml", "hcl2"];

/** What is asked for and cannot be had, if anything. */
export function refusal(values: Values): string | undefined {
  const flag = (Object.keys(refused) as FlagName[]).find((name) => values[name] !== undefined);
  if (flag !== undefined) return refused[flag];
  const { parser, "rego-version": rego } = values;
  if (parser !== undefined && !parsers.includes(parser))
    return `there is no parser ${parser}: Keywarden reads ${parsers.join(", ")}, and finds out by itself which it is`;
  if (rego !== undefined && rego !== "v0" && rego !== "v1")
    return `--rego-version ${rego} is neither v0 nor v1`;
  return undefined;
}

/** Commands of conftest, and who does that work. */
export const otherCommands: { [name: string]: string } = {
  parse: "keywarden normalize prints what the rules see",
  verify: "it tests policies in Rego: conftest verify, or opa test",
  doc: "keywarden rules and keywarden explain RULE tell about the rules",
  fmt: "it formats Rego: conftest fmt, or opa fmt",
  pull: "the rules come with the package",
  push: "conftest push uploads policies",
  plugin: "there are no plugins",
  reformat: "keywarden test takes -o several times: -o json=report.json -o junit=report.xml",
};
