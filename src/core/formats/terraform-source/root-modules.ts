import { posix } from "node:path";
import { distinct } from "../../model/distinct.ts";
import { type Entity, entityKinds } from "../../model/document.ts";
import {
  emptyPart,
  type Part,
  type TargetByPath,
  type TargetOptions,
  targetAt,
  withOwner,
} from "../../model/format.ts";
import { mayContainSuppression } from "../../model/inline-suppression.ts";
import type { Parsed, Problem, Source, UnseenPart } from "../../model/source.ts";
import { runToEnd, type Steps } from "../../model/steps.ts";
import {
  isPlan,
  isTerraform,
  isVariables,
  type ModuleFiles,
  type TerraformModule,
} from "../../model/terraform-module.ts";
import { cleanPath, inMemoryFiles } from "./evaluator/memory.ts";
import { isBelow, rootModulesOf } from "./evaluator/roots.ts";
import type { Terraform } from "./evaluator/terraform.ts";
import { normalizeTerraform, readResourceTypes } from "./index.ts";
import { replacedFiles } from "./replaced-files.ts";
import { RequestedFiles } from "./requested-files.ts";

export interface TerraformOptions {
  /** Evaluates Terraform source. */
  terraform?: Terraform;
  /** Values of input variables, as on Terraform's command line. */
  variables?: { [name: string]: string };
  variableFiles?: string[];
}

/** The contents of all root modules. */
export interface EvaluatedModules {
  parts: Part[];
  problems: Problem[];
  /** The source files of the modules. */
  parsed: Parsed[];
  /** Returns whether a resource in a file was requested. */
  isRequested(file: string, resource: string): boolean;
  /** Returns whether a Terraform function read the file, so that the file is not a standalone policy. */
  isRead(file: string): boolean;
}

/** Evaluates the root modules among the given modules. */
export const evaluateModules = (
  modules: TerraformModule[],
  options: TargetOptions & TargetByPath & TerraformOptions,
): EvaluatedModules => runToEnd(evaluateModulesInSteps(modules, options));

/** Evaluates step by step: pauses after each root module. */
export function* evaluateModulesInSteps(
  modules: TerraformModule[],
  {
    terraform,
    variables = {},
    variableFiles = [],
    ...options
  }: TargetOptions & TargetByPath & TerraformOptions,
): Steps<EvaluatedModules> {
  const unique = mergeModules(modules);
  if (terraform === undefined) return withoutEvaluator(unique);
  const unseen: UnseenPart[] = [];
  const roots = rootModulesOf(unique, ({ files }, directory) => {
    unseen.push(...replacedFiles(directory, files, textReader(files)));
    return terraform.scan(files, directory);
  });
  const requested = new RequestedFiles();
  const parts: Part[] = unseen.length === 0 ? [] : [{ ...emptyPart(), unseen }];
  const problems: Problem[] = [];
  const parsed = new Map<string, Parsed>();
  const undeclaredIn = new Map(Object.keys(variables).map((name) => [name, 0]));
  const reads: { files: ModuleFiles; read: Set<string> }[] = [];
  const types = readResourceTypes();
  for (const root of roots) {
    const { directory, files } = root;
    const request = { directory, variables, variableFiles, types, first: root.only ?? [] };
    const response = terraform.evaluate(files, request);
    const target = targetAt(options, directory);
    const normalized = normalizeTerraform(response, textReader(files), target);
    const part = withOwner(normalized.part, target);
    reads.push({ files, read: response.read });
    requested.add(root, response);
    for (const name of response.undeclared ?? []) undeclaredIn.set(name, (undeclaredIn.get(name) ?? 0) + 1);
    const isReported = ({ file }: { file: string }) =>
      root.only === undefined ||
      file.startsWith("--var ") ||
      [...root.only, directory, ...variableFiles].some((path) => cleanPath(path) === cleanPath(file));
    parts.push(root.isExample ? entitiesBelow(directory, part) : part);
    for (const file of normalized.files) {
      const { path } = file.source;
      if (parsed.has(path)) continue;
      const outlined = withOutline(file, terraform);
      parsed.set(path, outlined.file);
      problems.push(...outlined.problems);
    }
    problems.push(...response.problems.filter(isReported));
    yield { directory };
  }
  for (const [name, times] of undeclaredIn)
    if (roots.length > 0 && times === roots.length) problems.push(undeclaredVariable(name));
  return {
    parts,
    parsed: [...parsed.values()],
    problems: distinct(problems),
    isRequested: (file, resource) => requested.includes(file, resource),
    isRead: (file) => reads.some(({ files, read }) => read.has(files.identity(file))),
  };
}

/** Adds the outline to a file in native syntax if it can contain suppressions. JSON syntax has no comments. */
function withOutline(file: Parsed, terraform: Terraform): { file: Parsed; problems: Problem[] } {
  const { path, text } = file.source;
  if (!isTerraform(path) || path.endsWith(".json") || !mayContainSuppression(text))
    return { file, problems: [] };
  const { problems, ...outline } = terraform.outline(path, text);
  return { file: { ...file, outline }, problems };
}

/**
 * Replaces the Terraform files among the inputs by modules, which come last. If the inputs are a list, a module can read
 * every source in the list. If the inputs arrive one by one, a module can only read the other Terraform files.
 */
export function* groupModules(
  inputs: Iterable<Source | TerraformModule>,
): Generator<Source | TerraformModule> {
  const terraformFiles: Source[] = [];
  for (const input of inputs)
    if ("directory" in input || !isModuleFile(input)) yield input;
    else terraformFiles.push(input);
  const isSource = (input: Source | TerraformModule): input is Source => "text" in input;
  const files = inMemoryFiles(Array.isArray(inputs) ? inputs.filter(isSource) : terraformFiles);
  const moduleFiles = terraformFiles.filter(({ path }) => isTerraform(path));
  const directoryOf = ({ path }: Source) => posix.dirname(path);
  const withBlocks = new Set(moduleFiles.filter(containsBlock).map(directoryOf));
  for (const directory of new Set(moduleFiles.map(directoryOf)))
    yield { directory, files, ...(withBlocks.has(directory) ? {} : { hasNoBlocks: true as const }) };
}

/** Returns whether a Terraform file has a block: in JSON syntax, a member with the name of a block type. */
const containsBlock = ({ path, text }: Source): boolean =>
  path.endsWith(".json")
    ? /"(?:resource|data|ephemeral|module|variable|output|locals|provider|terraform|check|import|moved|removed)"\s*:/.test(
        text,
      )
    : /^[ \t]*[a-z][\w-]*(?:[ \t]+"?[\w-]+"?)*[ \t]*\{/m.test(text);

const isModuleFile = ({ path, text, nameOnly }: Source): boolean =>
  nameOnly !== true &&
  (isVariables(path) || (isTerraform(path) && !(path.endsWith(".json") && isPlan(text))));

/** Merges modules of the same directory. If one of them covers the whole directory, so does the merged module. */
function mergeModules(modules: TerraformModule[]): TerraformModule[] {
  const byIdentity = new Map<string, TerraformModule>();
  for (const module of modules) {
    const directory = cleanPath(module.directory);
    const identity = module.files.identity(directory);
    const other = byIdentity.get(identity);
    const only =
      other === undefined ? module.only : module.only && other.only && [...other.only, ...module.only];
    const { files } = other?.only === undefined ? (other ?? module) : module;
    byIdentity.set(identity, { directory, files, ...(only === undefined ? {} : { only }) });
  }
  return [...byIdentity.values()];
}

/** Keeps the entities in files below a directory: those of an example, without the module that it calls. */
function entitiesBelow(directory: string, part: Part): Part {
  const isInside = (file: string) => isBelow(cleanPath(file), cleanPath(directory));
  const kept = entityKinds.map((kind) => [
    kind,
    (part[kind] as Entity[]).filter(({ location }) => isInside(location.file)),
  ]);
  const unseen = part.unseen?.filter(({ file }) => isInside(file)) ?? [];
  return { ...part, ...Object.fromEntries(kept), ...(part.unseen && { unseen }) };
}

/** Returns a cached function that reads the exact content of files. */
function textReader(files: ModuleFiles): (path: string) => string | undefined {
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

const undeclaredVariable = (name: string): Problem => ({
  file: `--var ${name}`,
  message: "No root module declares this variable.",
  remedy: "Check the spelling of the variable name.",
});

const withoutEvaluator = (modules: TerraformModule[]): EvaluatedModules => ({
  parts: [],
  parsed: [],
  problems: modules.map(({ directory }) => ({
    file: directory,
    message: "The directory contains Terraform source, but the Terraform evaluator is disabled.",
    remedy: "Set the terraform option.",
  })),
  isRequested: () => true,
  isRead: () => false,
});
