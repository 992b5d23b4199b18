/**
 * Writes src/core/formats/shared/consumers/consumers.json: every resource type in CloudFormation and Terraform's AWS provider with an argument
 * for a KMS key. consumers-overlay.json adds facts about the arguments that the source data lacks.
 * Run by `make data`. The command-line argument is a directory whose node_modules has @aws-cdk/aws-service-spec and
 * @cdktf/provider-aws, which are too large to be development dependencies.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { snakeCase } from "../src/core/formats/shared/consumers/snake-case.ts";
import overlay from "./consumers-overlay.json" with { type: "json" };

interface KeyArgument {
  path: string[];
  main?: true;
  asymmetric?: true;
  otherRegion?: true;
}

interface Overlay {
  main?: string[];
  asymmetric?: string[];
  otherRegion?: string[];
  store?: boolean;
  inherits?: string[];
  attaches?: { to: string; by: string };
  tags?: string;
  /** Arguments that `namesKey` misses (`add`) and those that it reports by mistake (`leaveOut`). */
  add?: string[];
  leaveOut?: string[];
}

/** Returns whether the path of a string argument, each name in snake case, looks like that of a KMS key. */
function namesKey(path: string[]): boolean {
  const names = path.filter((name) => name !== "*").map(snakeCase);
  const leaf = names.at(-1) ?? "";
  if (!/(^|_)(key|keys|arn|id|ids|identifier|kms|cmk|uri|value)$/.test(leaf)) return false;
  if (/(kms|cmk|encryption|customer_managed|customer_master)/.test(leaf)) return /kms|cmk|key/.test(leaf);
  return (
    /^(key(_id|_arn|_identifier)?|id|arn)$/.test(leaf) &&
    /(kms|cmk|encryption)[a-z_]*$/.test(names.at(-2) ?? "")
  );
}

type Table = Map<string, string[][]>;

/** Returns the resource types in CloudFormation's resource specification. */
function cloudFormation(require: NodeJS.Require): Table {
  const { loadAwsServiceSpecSync } = require("@aws-cdk/aws-service-spec");
  const database = loadAwsServiceSpecSync();
  const found: Table = new Map();
  // biome-ignore lint/suspicious/noExplicitAny: the package is not a dependency, so it has no types here
  const visit = (type: any, path: string[], seen: string[], report: (path: string[]) => void): void => {
    if (type.type === "string") report(path);
    else if (type.type === "array" || type.type === "map") visit(type.element, [...path, "*"], seen, report);
    else if (type.type === "union") for (const one of type.types) visit(one, path, seen, report);
    else if (type.type === "ref" && !seen.includes(type.reference.$ref)) {
      const inner = database.get("typeDefinition", type.reference.$ref);
      for (const [name, property] of Object.entries<{ type: unknown }>(inner.properties))
        visit(property.type, [...path, name], [...seen, type.reference.$ref], report);
    }
  };
  for (const resource of database.all("resource")) {
    const paths: string[][] = [];
    const report = (path: string[]) => {
      if (namesKey(path)) paths.push(path);
    };
    for (const [name, property] of Object.entries<{ type: unknown }>(resource.properties))
      visit(property.type, [name], [], report);
    found.set(resource.cloudFormationType, paths);
  }
  return found;
}

/** Returns the resource types of Terraform's AWS provider, from the declarations that CDKTF generates from its schema. */
function terraform(directory: string): Table {
  const found: Table = new Map();
  for (const name of readdirSync(directory)) {
    if (name.startsWith("data-") || name.endsWith(".ts") || name.endsWith(".js")) continue;
    const declarations = readdirSync(join(directory, name), { recursive: true })
      .filter((file) => /\.d\.ts$/.test(String(file)))
      .map((file) => readFileSync(join(directory, name, String(file)), "utf8"))
      .join("\n");
    const type = /tfResourceType = "([^"]*)"/.exec(declarations)?.[1];
    const config = /export interface (\w+Config) extends cdktf\.TerraformMetaArguments \{/.exec(
      declarations,
    )?.[1];
    if (type === undefined || config === undefined) continue;
    const interfaces = new Map(
      [...declarations.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)].map((m) => [m[1], m[2]]),
    );
    const paths: string[][] = [];
    const visit = (name: string, path: string[], seen: string[]): void => {
      const fields = (interfaces.get(name) ?? "").matchAll(
        /#(\w+) \w+#\w+\}[^/]*\*\/\s*readonly \w+\??: ([^;]+);/g,
      );
      for (const [, field = "", declared = ""] of fields) {
        const struct = /^(\w+)/.exec(declared)?.[1] ?? "";
        const here = [...path, field];
        if (interfaces.has(struct) && !seen.includes(struct))
          visit(struct, [...here, "*"], [...seen, struct]);
        else if (struct === "string" && namesKey(here))
          paths.push(declared.startsWith("string[]") ? [...here, "*"] : here);
      }
    };
    visit(config, [], [config]);
    found.set(type, paths);
  }
  return found;
}

const withoutWildcards = (path: string[]): string => path.filter((name) => name !== "*").join(".");

/** Returns whether a key argument is for a copy in another Region, or for the bucket that the resource writes to. */
const isInOtherRegion = (path: string[]): boolean =>
  /replica|cross_region|destination|cop(y|ies)|distribution|artifact_stores|s3_(backup_)?configuration/.test(
    path.map(snakeCase).join("."),
  );

function entryOf(type: string, paths: string[][]): object | null {
  const known: Overlay = (overlay.types as { [type: string]: Overlay })[type] ?? {};
  const split = (text: string): string[] => text.split(".");
  const all = [...paths, ...(known.add ?? []).map(split)];
  const keys = [...new Map(all.map((path) => [path.join("."), path])).values()]
    .filter((path) => !(known.leaveOut ?? []).includes(withoutWildcards(path)))
    .map((path): KeyArgument => {
      const text = withoutWildcards(path);
      return {
        path,
        ...(known.main?.includes(text) ? { main: true as const } : {}),
        ...(known.asymmetric?.includes(text) ? { asymmetric: true as const } : {}),
        ...(known.otherRegion?.includes(text) || isInOtherRegion(path) ? { otherRegion: true as const } : {}),
      };
    });
  const { main = [], asymmetric = [], otherRegion = [], leaveOut = [] } = known;
  for (const text of [...main, ...asymmetric, ...otherRegion, ...leaveOut]) {
    if (!all.some((path) => withoutWildcards(path) === text))
      throw new Error(`consumers-overlay.json: ${type} has no argument ${text}`);
  }
  if (keys.length === 0) return null;
  return {
    keys,
    ...(known.store === true ? { store: true } : {}),
    ...(known.tags === undefined ? {} : { tags: split(known.tags) }),
    ...(known.inherits === undefined ? {} : { inherits: known.inherits.map(split) }),
    ...(known.attaches === undefined
      ? {}
      : { attaches: { to: known.attaches.to, by: split(known.attaches.by) } }),
  };
}

if (process.argv[1] === import.meta.filename) {
  const directory = resolve(process.argv[2] ?? ".cache/consumers");
  const require = createRequire(join(directory, "package.json"));
  const types = [
    ...cloudFormation(require),
    ...terraform(join(directory, "node_modules/@cdktf/provider-aws/lib")),
  ].filter(
    ([type]) => !/^(AWS::KMS::|aws_kms_)/.test(type) && !(overlay.leaveOut as string[]).includes(type),
  );
  for (const type of Object.keys(overlay.types))
    if (!types.some(([known]) => known === type))
      throw new Error(`consumers-overlay.json: unknown type ${type}`);
  const lines = types
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([type, paths]) => {
      const entry = entryOf(type, paths);
      return entry === null ? [] : [`  ${JSON.stringify(type)}: ${JSON.stringify(entry)}`];
    });
  const file = new URL("../src/core/formats/shared/consumers/consumers.json", import.meta.url);
  writeFileSync(file, `{\n${lines.join(",\n")}\n}\n`);
}
