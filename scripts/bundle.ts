/**
 * Compiles policies/ and terraform/ into bundles/:
 *   policy.wasm     the rules, for Keywarden itself
 *   terraform.wasm  the evaluator of Terraform source
 *   bundle.tar.gz   the rules as Rego, for OPA servers and conftest
 *   rules.json      the METADATA of the rules
 * Also generates the schemas and validators for rule settings (scripts/settings-schema.ts) and config files
 * (scripts/config-schema.ts) and the values of the Helm chart (scripts/helm-values.ts) from the METADATA, and the validator
 * for documents from clients (scripts/schema.ts).
 * `tsx scripts/bundle.ts` writes the files; `--verify` builds into a temporary directory and exits with 1 if a file differs.
 * Paths are relative to policies/: OPA writes them into the module, and the bytes must not depend on the machine.
 */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hostBuiltins } from "../src/core/engine/host.ts";
import { moduleRevision } from "../src/core/engine/revision.ts";
import type { RuleInfo, SettingSchema } from "../src/core/model/report.ts";
import { checkedSchema, configSchema } from "./config-schema.ts";
import { valuesSchema } from "./helm-values.ts";
import { IGNORE, run, stop } from "./opa.ts";
import { documentValidator } from "./schema.ts";
import { settingsSchema, validator } from "./settings-schema.ts";
import { buildTerraform } from "./terraform.ts";

const root = new URL("..", import.meta.url).pathname;
const policies = join(root, "policies");
const BUNDLES = ["policy.wasm", "bundle.tar.gz", "rules.json", "terraform.wasm"];
/** Maps the files that `build` writes to their paths in the repository. */
const FILES: { [name: string]: string } = {
  ...Object.fromEntries(BUNDLES.map((name) => [name, `bundles/${name}`])),
  "settings.json": "policies/schemas/settings.json",
  "settings.js": "src/session/generated/settings.js",
  "config.json": "policies/schemas/config.json",
  "config.cjs": "src/session/generated/config.cjs",
  "document.cjs": "src/gate/generated/document.cjs",
  "values.schema.json": "deploy/helm/keywarden/values.schema.json",
};

interface Annotation {
  path: { value: string }[];
  annotations: {
    scope: string;
    title?: string;
    description?: string;
    related_resources?: { ref: string }[];
    custom?: {
      level?: RuleInfo["level"];
      presets?: RuleInfo["presets"];
      category?: RuleInfo["category"];
      formats?: string[];
      remediation?: string;
      snippets?: RuleInfo["snippets"];
      controls?: { [framework: string]: (string | number)[] };
      settings?: { [name: string]: SettingSchema };
      exceptions?: string[];
      when_not?: string;
    };
  };
}

/** Builds every file into a directory, under the names in FILES. */
function build(directory: string): void {
  const wasmBundle = join(directory, "wasm.tar.gz");
  const regoBundle = join(directory, "bundle.tar.gz");
  run(policies, "build", "-t", "wasm", "-e", "kms/main", ...IGNORE, "-o", wasmBundle, "kms");
  const wasm = extract(wasmBundle, "/policy.wasm");
  writeFileSync(join(directory, "policy.wasm"), wasm);
  const host = hostBuiltins(wasm);
  if (host.length > 0) stop(`OPA cannot compile ${host.join(", ")} to WebAssembly: don't use it in rules`);
  run(
    policies,
    "build",
    "-b",
    "-t",
    "rego",
    "--revision",
    moduleRevision(wasm),
    ...IGNORE,
    "-o",
    regoBundle,
    ".",
  );
  const { annotations } = JSON.parse(run(policies, "inspect", "-a", "-f", "json", regoBundle)) as {
    annotations: Annotation[];
  };
  const rules = rulesOf(annotations);
  writeFileSync(join(directory, "rules.json"), `${JSON.stringify(rules, null, 2)}\n`);
  const settings = settingsOf(annotations);
  const schemas = { settings: settingsSchema(settings), config: configSchema(rules, settings) };
  for (const [name, schema] of Object.entries({ ...schemas, "values.schema": valuesSchema(schemas.config) }))
    writeFileSync(join(directory, `${name}.json`), `${JSON.stringify(schema, null, 2)}\n`);
  writeFileSync(join(directory, "settings.js"), validator(schemas.settings, "scripts/settings-schema.ts"));
  writeFileSync(
    join(directory, "config.cjs"),
    validator(checkedSchema(schemas.config), "scripts/config-schema.ts", "cjs"),
  );
  writeFileSync(join(directory, "document.cjs"), documentValidator());
  const failed = buildTerraform(join(directory, "terraform.wasm"));
  if (failed !== null) stop(failed);
}

function extract(archive: string, member: string): Buffer {
  return execFileSync("tar", ["-xzOf", archive, member], {
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function rulesOf(annotations: Annotation[]): RuleInfo[] {
  const settings = settingsOf(annotations);
  return annotations
    .filter((a) => a.annotations.scope === "package" && pathOf(a).startsWith("data/kms/rules/"))
    .map((a): RuleInfo => {
      const id = nameOf(a);
      const { title, description, related_resources, custom } = a.annotations;
      if (!title || !description || !custom?.level || !custom.remediation)
        throw new Error(
          `${pathOf(a)}: METADATA needs title, description, custom.level and custom.remediation`,
        );
      const verdict = verdictOf(annotations, a);
      const { when_not } = verdict?.custom ?? {};
      return {
        id,
        title,
        level: custom.level,
        ...(custom.presets === undefined ? {} : { presets: custom.presets }),
        category: custom.category ?? "around",
        formats: custom.formats ?? [],
        finds: line(verdict?.description),
        why: line(description),
        exceptions: (verdict?.custom?.exceptions ?? []).map(line),
        ...(when_not === undefined ? {} : { whenNot: line(when_not) }),
        remediation: line(custom.remediation),
        snippets: mapped(custom.snippets ?? {}, (snippet) => snippet.trimEnd()),
        settings: Object.fromEntries(
          [id, ...librariesOf(`rules/${id}`)].flatMap((name) =>
            Object.entries(settings[name] ?? {}).map(([setting, schema]) => [`${name}.${setting}`, schema]),
          ),
        ),
        controls: mapped(custom.controls ?? {}, (controls) => controls.map(String)),
        references: (related_resources ?? []).map(({ ref }) => ref),
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Returns the annotations of `fail`, or those of `unknown` if the rule never fails. */
function verdictOf(annotations: Annotation[], rule: Annotation): Annotation["annotations"] | undefined {
  const of = (verdict: string) =>
    annotations.find((a) => a.annotations.scope === "document" && pathOf(a) === `${pathOf(rule)}/${verdict}`);
  return (of("fail") ?? of("unknown"))?.annotations;
}

/** Returns the settings that rules and shared libraries declare, by their names. */
function settingsOf(annotations: Annotation[]): { [subject: string]: { [name: string]: SettingSchema } } {
  const declared = annotations.flatMap((a): [string, { [name: string]: SettingSchema }][] =>
    a.annotations.scope === "package" && a.annotations.custom?.settings !== undefined
      ? [[nameOf(a), a.annotations.custom.settings]]
      : [],
  );
  return Object.fromEntries(declared.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns the libraries that a package of policies/kms imports, directly or not: their settings affect it too. */
function librariesOf(path: string, seen = new Set<string>()): string[] {
  const name = path.split("/").at(-1);
  const file = join(root, "policies/kms", path, `${name}.rego`);
  const rego = existsSync(file) ? readFileSync(file, "utf8") : "";
  for (const [, library = ""] of rego.matchAll(/^import data\.kms\.lib\.(\w+)/gm)) {
    if (seen.has(library)) continue;
    seen.add(library);
    librariesOf(`lib/${library}`, seen);
  }
  return [...seen].sort();
}

/** Joins the lines of a METADATA string, whose line breaks have no meaning. */
const line = (text = ""): string =>
  text
    .trim()
    .split(/\s*\n\s*/)
    .join(" ");

const mapped = <A, B>(object: { [key: string]: A }, to: (value: A) => B): { [key: string]: B } =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, to(value)]));

const nameOf = (annotation: Annotation): string => annotation.path.at(-1)?.value ?? "";

const pathOf = (annotation: Annotation) => annotation.path.map((part) => part.value).join("/");

const fresh = mkdtempSync(join(tmpdir(), "keywarden-bundles-"));
process.on("exit", () => rmSync(fresh, { recursive: true, force: true }));
build(fresh);
const changed = Object.entries(FILES).filter(([name, path]) => {
  const committed = join(root, path);
  return !existsSync(committed) || !readFileSync(committed).equals(readFileSync(join(fresh, name)));
});

if (!process.argv.includes("--verify")) {
  for (const [name, path] of changed) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(join(fresh, name), join(root, path));
  }
} else if (changed.length > 0) {
  const paths = changed.map(([, path]) => path).join(", ");
  console.error(
    `${paths}: out of date with policies/ and terraform/. Run \`make build\` and commit the result.`,
  );
  process.exitCode = 1;
} else console.log(`${Object.values(FILES).join(", ")}: up to date with policies/ and terraform/`);
