import { dirname, join, relative, sep } from "node:path";
import type { TargetOptions } from "../../core/model/format.ts";
import { asMap, isMap } from "../../core/model/json.ts";
import type { Problem, Source } from "../../core/model/source.ts";
import { parseJson } from "../../core/parse/json.ts";
import { isProblem } from "../../core/parse/problem.ts";
import { readPaths } from "../../node/read.ts";
import { type Construct, constructsIn } from "./constructs.ts";
import type { KeywardenContext } from "./types.ts";

/** The template of a stack or nested stack. */
export interface StackTemplate {
  /** The path in reports, relative to the working directory. */
  displayPath: string;
  /** The absolute path, as in the CDK. */
  path: string;
  /** The path of the stack's construct; absent if the CDK does not provide it. */
  construct?: string;
  /** The construct paths of its resources, by logical ID. */
  constructs: Map<string, string>;
  /** The account and Region of the stack, if its environment is known. */
  target: TargetOptions;
  content: Source | Problem;
}

/** Returns the templates of an app, including those of nested stacks. */
export function templatesOf({
  templatePaths,
  stackTemplates,
  appConstruct,
}: KeywardenContext): StackTemplate[] {
  const constructs = constructsIn(appConstruct);
  const stacks = stackTemplates ?? templatePaths.map((templatePath) => ({ templatePath }));
  const found = new Map<string, StackTemplate>();
  const add = (path: string, target: TargetOptions, construct: string | undefined): void => {
    if (found.has(path)) return;
    const template: StackTemplate = {
      ...read(path),
      path,
      target: target,
      constructs: byLogicalId(constructs, construct),
      ...(construct === undefined ? {} : { construct }),
    };
    found.set(path, template);
    for (const nested of nestedIn(template, constructs))
      add(join(dirname(path), nested.file), target, nested.construct);
  };
  for (const stack of stacks) {
    const { accountId, region, stackConstructPath } = { ...noStack, ...stack };
    add(
      stack.templatePath,
      { ...(accountId ? { account: accountId } : {}), ...(region ? { region } : {}) },
      stackConstructPath,
    );
  }
  return [...found.values()];
}

const noStack = { accountId: undefined, region: undefined, stackConstructPath: undefined };

function read(path: string): Pick<StackTemplate, "displayPath" | "content"> {
  const fromCwd = relative(process.cwd(), path).split(sep).join("/");
  const displayPath = fromCwd.startsWith("..") ? path : fromCwd;
  const [input] = readPaths([path]);
  if (input?.kind === "problem") return { displayPath, content: { ...input.problem, file: displayPath } };
  if (input?.kind !== "source") return { displayPath, content: notATemplate(displayPath) };
  const source = { path: displayPath, text: input.source.text, named: true };
  const parsed = parseJson(source);
  if (isProblem(parsed)) return { displayPath, content: parsed };
  return { displayPath, content: isMap(parsed.value) ? source : notATemplate(displayPath) };
}

const notATemplate = (file: string): Problem => ({
  file,
  message: "The file is not a CloudFormation template.",
  remedy: "Synthesize the app again into an empty directory.",
});

const byLogicalId = (constructs: Construct[], stack: string | undefined): Map<string, string> =>
  new Map(
    constructs.flatMap(({ path, logicalId, stackPath }): [string, string][] =>
      stack !== undefined && stackPath === stack && logicalId !== undefined ? [[logicalId, path]] : [],
    ),
  );

/** Returns the templates of directly nested stacks, which the CDK lists only as assets. */
function nestedIn(
  { construct, path }: StackTemplate,
  constructs: Construct[],
): { file: string; construct?: string }[] {
  if (constructs.length > 0)
    return constructs.flatMap(({ path, templateFile, nestedIn: parent }) =>
      parent !== undefined && parent === construct && templateFile !== undefined
        ? [{ file: templateFile, construct: path }]
        : [],
    );
  return path.endsWith(suffix) ? assetsOf(path) : [];
}

const suffix = ".template.json";

/** Returns the nested templates in the asset manifest of a stack, for CDK versions that pass no constructs. */
function assetsOf(template: string): { file: string }[] {
  const [input] = readPaths([template.replace(suffix, ".assets.json")]);
  const parsed = input?.kind === "source" ? parseJson(input.source) : undefined;
  const files = parsed === undefined || isProblem(parsed) ? undefined : asMap(parsed.value).files;
  return Object.values(asMap(files)).flatMap((asset) => {
    const { path } = asMap(asMap(asset).source);
    return typeof path === "string" && path.endsWith(`.nested${suffix}`) ? [{ file: path }] : [];
  });
}
