import { posix } from "node:path";
import { distinct } from "../../model/distinct.ts";
import { type Entity, entityKinds } from "../../model/document.ts";
import { type Part, type TargetByPath, type TargetOptions, targetAt, withOwner } from "../../model/format.ts";
import type { Notice } from "../../model/report.ts";
import type { Parsed, Problem, Source } from "../../model/source.ts";
import { runToEnd, type Steps } from "../../model/steps.ts";
import type { EvaluationResponse } from "../../model/terraform-evaluation.ts";
import {
  isPlan,
  isTerraform,
  isVariables,
  type ModuleFiles,
  type TerraformModule,
} from "../../model/terraform-module.ts";
import { cleaned, filesOf } from "./evaluator/memory.ts";
import { isBelow, rootsOf } from "./evaluator/roots.ts";
import type { Terraform } from "./evaluator/terraform.ts";
import { normalizeTerraform, readTypes } from "./index.ts";

export interface TerraformOptions {
  /** What evaluates Terraform's source. */
  terraform?: Terraform;
  /** Values of variables, as on Terraform's command line. */
  variables?: { [name: string]: string };
  variableFiles?: string[];
}

/** What root modules hold. */
export interface Evaluated {
  parts: Part[];
  problems: Problem[];
  notices: Notice[];
  parsed: Parsed[];
  /** Whether a resource that stands in a file was asked for. */
  isRequested(file: string, resource: string): boolean;
  /** Whether a function of a configuration read the file: it is no policy by itself. */
  isRead(file: string): boolean;
}

/** Evaluates the root modules of configurations. */
export const evaluateModules = (
  configurations: TerraformModule[],
  options: TargetOptions & TargetByPath & TerraformOptions,
): Evaluated => runToEnd(evaluatingModules(configurations, options));

/** The same, with a pause after each. */
export function* evaluatingModules(
  configurations: TerraformModule[],
  {
    terraform,
    variables = {},
    variableFiles = [],
    ...options
  }: TargetOptions & TargetByPath & TerraformOptions,
): Steps<Evaluated> {
  const all = merged(configurations);
  const asked = new Asked();
  const parts: Part[] = [];
  const problems: Problem[] = [];
  const notices: Notice[] = [];
  const parsed = new Map<string, Parsed>();
  const undeclared = new Map(Object.keys(variables).map((name) => [name, 0]));
  const reads: { files: ModuleFiles; read: Set<string> }[] = [];
  if (terraform === undefined) problems.push(...all.map(({ directory }) => noEvaluator(directory)));
  const roots = terraform === undefined ? [] : rootsOf(all, ({ files }, at) => terraform.scan(files, at));
  const types = readTypes();
  for (const root of roots) {
    const { directory, files } = root;
    const request = { directory, variables, variableFiles, types, first: root.only ?? [] };
    const response = (terraform as Terraform).evaluate(files, request);
    const own = targetAt(options, directory);
    const normalized = normalizeTerraform(response, textsOf(files), own);
    const part = withOwner(normalized.part, own);
    reads.push({ files, read: response.read });
    asked.add(root, response);
    for (const name of response.undeclared ?? []) undeclared.set(name, (undeclared.get(name) ?? 0) + 1);
    const isTold = ({ file }: { file: string }) =>
      root.only === undefined ||
      file.startsWith("--var ") ||
      [...root.only, directory, ...variableFiles].some((path) => cleaned(path) === cleaned(file));
    parts.push(root.shows === undefined ? part : within(directory, part));
    for (const text of normalized.parsed)
      if (!parsed.has(text.source.path)) parsed.set(text.source.path, text);
    problems.push(...response.problems.filter(isTold));
    notices.push(...response.notices.filter(isTold));
    yield { directory };
  }
  for (const [name, times] of undeclared)
    if (roots.length > 0 && times === roots.length) problems.push(noVariable(name));
  return {
    parts,
    parsed: [...parsed.values()],
    problems: distinct(problems),
    notices: distinct(notices),
    isRequested: (file, resource) => asked.has(file, resource),
    isRead: (file) => reads.some(({ files, read }) => read.has(files.identity(file))),
  };
}

/**
 * Sources and configurations, with the Terraform files among the sources as configurations, at the end. They are read
 * with what else was given: of a list all of it, of what comes one by one the other Terraform files.
 */
export function* grouped(inputs: Iterable<Source | TerraformModule>): Generator<Source | TerraformModule> {
  const found: Source[] = [];
  for (const input of inputs)
    if ("directory" in input || !isConfigurationSource(input)) yield input;
    else found.push(input);
  const isSource = (input: Source | TerraformModule): input is Source => "text" in input;
  const files = filesOf(Array.isArray(inputs) ? inputs.filter(isSource) : found);
  const directories = new Set(
    found.filter(({ path }) => isTerraform(path)).map(({ path }) => posix.dirname(path)),
  );
  for (const directory of directories) yield { directory, files };
}

const isConfigurationSource = ({ path, text }: Source): boolean =>
  isVariables(path) || (isTerraform(path) && !(path.endsWith(".json") && isPlan(text)));

/** One for each directory: it counts as a whole where all of it was asked for, by whatever path. */
function merged(configurations: TerraformModule[]): TerraformModule[] {
  const found = new Map<string, TerraformModule>();
  for (const one of configurations) {
    const directory = cleaned(one.directory);
    const identity = one.files.identity(directory);
    const other = found.get(identity);
    const only = other === undefined ? one.only : one.only && other.only && [...other.only, ...one.only];
    const { files } = other?.only === undefined ? (other ?? one) : one;
    found.set(identity, { directory, files, ...(only === undefined ? {} : { only }) });
  }
  return [...found.values()];
}

/** What stands in the files of a directory itself: of an example, without the module that it shows. */
function within(directory: string, part: Part): Part {
  const isInside = (file: string) => isBelow(cleaned(file), cleaned(directory));
  const kept = entityKinds.map((kind) => [
    kind,
    (part[kind] as Entity[]).filter(({ location }) => isInside(location.file)),
  ]);
  return { ...part, ...Object.fromEntries(kept) };
}

/** Which files of the configurations were asked for. */
class Asked {
  private readonly asked = new Set<string>();
  private readonly others = new Set<string>();
  /** The modules that files which were asked for call. */
  private readonly modules = new Set<string>();

  add({ only }: TerraformModule, { files, calls, components }: EvaluationResponse): void {
    const all = files.map(cleaned);
    const wanted = new Set(only?.map(cleaned) ?? all);
    for (const file of wanted) this.asked.add(file);
    // What a function reads belongs to the resource that it is written in.
    for (const { plan } of components.flat())
      for (const { ranges } of plan.resource_changes)
        if (wanted.has(all[ranges[""]?.[0] ?? -1] ?? ""))
          for (const [number] of Object.values(ranges)) {
            const file = all[number] ?? "";
            if (!isTerraform(file)) this.asked.add(file);
          }
    for (const file of all) this.others.add(file);
    for (const [name, file] of Object.entries(calls)) if (wanted.has(cleaned(file))) this.modules.add(name);
  }

  has(file: string, resource: string): boolean {
    const module = /^module\.([^.[]+)/.exec(resource)?.[1] ?? "";
    return this.modules.has(module) || this.asked.has(cleaned(file)) || !this.others.has(cleaned(file));
  }
}

/** The texts of files that were read, byte for byte. */
function textsOf(files: ModuleFiles): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const read = (path: string): string | undefined => {
    for (const purpose of ["module", "argument"] as const) {
      const content = files.read(path, purpose);
      if (content instanceof Uint8Array) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(content);
    }
    return undefined;
  };
  return (path) => {
    if (!known.has(path)) known.set(path, read(path));
    return known.get(path);
  };
}

const noVariable = (name: string): Problem => ({
  file: `--var ${name}`,
  message: "No root module declares a variable of this name.",
  remedy: "Check how it is spelled.",
});

const noEvaluator = (file: string): Problem => ({
  file,
  message: "The directory holds Terraform source, and there is nothing that evaluates it.",
  remedy: "Give the option terraform.",
});
