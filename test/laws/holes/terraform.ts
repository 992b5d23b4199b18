/** Writes the hole in Terraform source. */
import type { Random } from "../random.ts";
import { unicodeEscape } from "./json.ts";
import { type Files, holePolicy, type Json, type JsonObject } from "./policy.ts";

/** What an expression needs besides the resource. */
interface Module {
  locals: string[];
  variables: string[];
  data: string[];
  files: Files;
}

export function terraform(random: Random): Files {
  const module: Module = { locals: [], variables: [], data: [], files: {} };
  const policy = policyExpression(module, random);
  const blocks = random.shuffled([...keyBlocks(policy, random), ...rest(module)]);
  const main = blocks.join("\n");
  if (random.chance(0.15))
    return {
      "main.tf": `module "key" {\n  source = "./modules/key"\n}\n`,
      "modules/key/main.tf": main,
      ...inFolder("modules/key/", module.files),
    };
  if (random.chance(0.15))
    return { "main.tf": blocks[0] as string, "rest.tf": blocks.slice(1).join("\n"), ...module.files };
  return { "main.tf": main, ...module.files };
}

export function terraformJson(random: Random): Files {
  const module: Module = { locals: [], variables: [], data: [], files: {} };
  const policy = random.chance(0.3)
    ? JSON.stringify(holePolicy(random))
    : `\${${policyExpression(module, random).replace(/^<<.*$/s, () => `jsonencode(${JSON.stringify(holePolicy(random))})`)}}`;
  const key: JsonObject = {
    description: "Encrypts the order archive",
    enable_key_rotation: true,
    policy,
    lifecycle: { prevent_destroy: true },
  };
  return {
    "main.tf.json": JSON.stringify(
      { resource: { aws_kms_key: { this: random.chance(0.3) ? [key] : key } } },
      undefined,
      random.pick([0, 2]),
    ),
    ...(rest(module).length > 0 ? { "rest.tf": rest(module).join("\n") } : {}),
    ...module.files,
  };
}

const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [folder + path, text]));

const rest = ({ locals, variables, data }: Module): string[] => [
  ...(locals.length > 0 ? [`locals {\n${locals.map((each) => `  ${each}\n`).join("")}}\n`] : []),
  ...variables,
  ...data,
];

function keyBlocks(policy: string, random: Random): string[] {
  const repeat = random.pick([
    "",
    "",
    "",
    "  count = 1\n",
    '  for_each = toset(["a"])\n',
    "  count = true ? 1 : 0\n",
  ]);
  const key = (inside: string): string =>
    `resource "aws_kms_key" "this" {\n${inside}  description = "Encrypts the order archive"\n  enable_key_rotation = true\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n`;
  if (random.chance(0.2))
    return [
      key(""),
      `resource "aws_kms_key_policy" "this" {\n  key_id = aws_kms_key.this.id\n  policy = ${policy}\n}\n`,
    ];
  return [key(`${repeat}  policy = ${policy}\n`)];
}

function policyExpression(module: Module, random: Random): string {
  const policy = holePolicy(random);
  const json = JSON.stringify(policy, undefined, random.pick([0, 2]));
  const encoded = (): string =>
    `jsonencode(${expression(policy, module, random, random.pick([0, 0.1, 0.3]))})`;
  switch (random.integer(13)) {
    case 0:
      return `<<EOF\n${json}\nEOF`;
    case 1:
      return `<<-EOT\n    ${json.replaceAll("\n", "\n    ")}\n    EOT`;
    case 2:
      return quoted(json, random);
    case 3:
      module.files["policy.json"] = json;
      return random.pick(['file("${path.module}/policy.json")', 'file("policy.json")']);
    case 4:
      module.files["policy.tftpl"] = json.replaceAll('"*"', '"${everyone}"');
      return 'templatefile("${path.module}/policy.tftpl", { everyone = "*" })';
    case 5:
    case 6:
      return document(policy, module, random);
    case 7:
      module.locals.push(`policy = ${encoded()}`);
      return "local.policy";
    case 8:
      module.variables.push(`variable "policy" {\n  default = ${quoted(json, random)}\n}\n`);
      return "var.policy";
    case 9:
      return `base64decode("${Buffer.from(json).toString("base64")}")`;
    case 10:
      return random.pick([
        `coalesce(null, ${encoded()})`,
        `try(${encoded()}, "")`,
        `true ? ${encoded()} : ""`,
        `join("", [${encoded()}])`,
        `replace(${encoded()}, "nothing", "something")`,
      ]);
    default:
      return encoded();
  }
}

/** Returns the JSON of an aws_iam_policy_document with the policy's statements. */
function document(policy: JsonObject, module: Module, random: Random): string {
  const list = (value: Json | undefined): string =>
    expression([value ?? []].flat() as Json, module, random, 0.2);
  const statements = (policy["Statement"] as JsonObject[]).map((statement) => {
    const principal = statement["Principal"] as string | JsonObject;
    const [type, names]: [string, Json] =
      typeof principal === "string" ? ["*", ["*"]] : ["AWS", principal["AWS"] as Json];
    const body = `effect = ${expression("Allow", module, random, 0.1)}\n    actions = ${list(statement["Action"])}\n    resources = ${list(statement["Resource"])}\n    principals {\n      type = "${type}"\n      identifiers = ${list(names)}\n    }\n`;
    return random.chance(0.2)
      ? `  dynamic "statement" {\n    for_each = ["x"]\n    content {\n    ${body}    }\n  }\n`
      : `  statement {\n    ${body}  }\n`;
  });
  if (random.chance(0.3)) {
    const field = random.pick(["source_policy_documents", "override_policy_documents"]);
    module.data.push(
      `data "aws_iam_policy_document" "base" {\n${statements.join("")}}\n`,
      `data "aws_iam_policy_document" "this" {\n  ${field} = [data.aws_iam_policy_document.base.json]\n}\n`,
    );
  } else module.data.push(`data "aws_iam_policy_document" "this" {\n${statements.join("")}}\n`);
  return "data.aws_iam_policy_document.this.json";
}

/** Returns an expression with the value, functions and references in the given share of its parts. */
function expression(value: Json, module: Module, random: Random, density: number): string {
  const plain = plainExpression(value, module, random, density);
  if (!random.chance(density)) return plain;
  const kind = typeof value === "string" ? 0 : Array.isArray(value) ? 1 : 2;
  const shared = [
    () => `local.${named(module.locals, "value", plain)}`,
    () => `(true ? ${plain} : ${plain})`,
    () => `try(${plain}, null)`,
    () => `jsondecode(jsonencode(${plain}))`,
    () => `element([${plain}], 0)`,
    () => `lookup({ a = ${plain} }, "a")`,
    () => `one([${plain}])`,
    () => `[for each in [${plain}] : each][0]`,
    () => {
      const name = `input${module.variables.length}`;
      module.variables.push(
        `variable "${name}" {\n  default = ${plainExpression(value, module, random, 0)}\n}\n`,
      );
      return `var.${name}`;
    },
  ];
  const own = [
    [
      () => `"\${${plain}}"`,
      () => `format("%s", ${plain})`,
      () => `join("", [${plain}])`,
      () => `trimspace(" ${String(value)} ")`,
      () => `replace("#", "#", ${plain})`,
      () => `coalesce("", ${plain})`,
      () => `base64decode("${Buffer.from(String(value)).toString("base64")}")`,
    ],
    [
      () => `concat(${plain}, [])`,
      () => `flatten([${plain}])`,
      () => `slice(${plain}, 0, ${(value as Json[]).length})`,
      () => `[for each in ${plain} : each]`,
    ],
    [() => `merge({}, ${plain})`, () => `{ for name, each in ${plain} : name => each }`],
  ][kind] as (() => string)[];
  return random.pick([...shared, ...own])();
}

function plainExpression(value: Json, module: Module, random: Random, density: number): string {
  if (typeof value === "string") return quoted(value, random);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value))
    return `[${value.map((each) => expression(each, module, random, density)).join(", ")}]`;
  const entries = Object.entries(value).map(
    ([key, each]) =>
      `${random.pick([key, `"${key}"`])} ${random.pick(["=", ":"])} ${expression(each, module, random, density)}`,
  );
  return `{ ${entries.join(", ")} }`;
}

function named(locals: string[], prefix: string, plain: string): string {
  const name = `${prefix}${locals.length}`;
  locals.push(`${name} = ${plain}`);
  return name;
}

const quoted = (text: string, random: Random): string =>
  random.chance(0.1) ? `"${Array.from(text, unicodeEscape).join("")}"` : JSON.stringify(text);
