import { dirname, join, relative, sep } from "node:path";
import type { TargetOptions } from "../../core/model/format.ts";
import { isMap, type JsonMap } from "../../core/model/json.ts";
import type { Json, Problem, Source } from "../../core/model/source.ts";
import { parseJson } from "../../core/parse/json.ts";
import { isProblem } from "../../core/parse/problem.ts";
import { readPaths } from "../../node/read.ts";
import { type Construct, constructsIn } from "./constructs.ts";
import type { KeywardenContext } from "./types.ts";

/** A template of the app, a nested stack's too. */
export interface Template {
  /** As reports show it: from the working directory on. */
  shown: string;
  /** Absolute, as the CDK knows it. */
  path: string;
  /** Of the stack; absent where the CDK does not say. */
  construct?: string;
  /** The paths of its resources' constructs, by logical id. */
  constructs: Map<string, string>;
  /** What the stack says of its environment. */
  place: TargetOptions;
  content: Source | Problem;
}

/** All templates of a run. */
export function templatesOf({ templatePaths, stackTemplates, appConstruct }: KeywardenContext): Template[] {
  const constructs = constructsIn(appConstruct);
  const stacks = stackTemplates ?? templatePaths.map((templatePath) => ({ templatePath }));
  const found = new Map<string, Template>();
  const add = (path: string, place: TargetOptions, construct: string | undefined): void => {
    if (found.has(path)) return;
    const template: Template = {
      ...read(path),
      path,
      place,
      constructs: byLogicalId(constructs, construct),
      ...(construct === undefined ? {} : { construct }),
    };
    found.set(path, template);
    for (const nested of nestedIn(template, constructs))
      add(join(dirname(path), nested.file), place, nested.construct);
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

function read(path: string): Pick<Template, "shown" | "content"> {
  const short = relative(process.cwd(), path).split(sep).join("/");
  const shown = short.startsWith("..") ? path : short;
  const [input] = readPaths([path]);
  if (input?.kind === "problem") return { shown, content: { ...input.problem, file: shown } };
  if (input?.kind !== "source") return { shown, content: noTemplate(shown) };
  const source = { path: shown, text: input.source.text, named: true };
  const parsed = parseJson(source);
  if (isProblem(parsed)) return { shown, content: parsed };
  return { shown, content: isMap(parsed.value) ? source : noTemplate(shown) };
}

const noTemplate = (file: string): Problem => ({
  file,
  message: "It is no CloudFormation template.",
  remedy: "Synthesize the app again into an empty folder.",
});

const byLogicalId = (constructs: Construct[], stack: string | undefined): Map<string, string> =>
  new Map(
    constructs.flatMap(({ path, logicalId, stackPath }): [string, string][] =>
      stack !== undefined && stackPath === stack && logicalId !== undefined ? [[logicalId, path]] : [],
    ),
  );

/** The templates of the stacks that are nested directly in another: the CDK lists them among its assets only. */
function nestedIn(
  { construct, path }: Template,
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

/** The nested templates among the assets of a stack: what there is to go by where the CDK hands over no constructs. */
function assetsOf(template: string): { file: string }[] {
  const [input] = readPaths([template.replace(suffix, ".assets.json")]);
  const parsed = input?.kind === "source" ? parseJson(input.source) : undefined;
  const files = parsed === undefined || isProblem(parsed) ? undefined : mapOf(parsed.value).files;
  return Object.values(mapOf(files)).flatMap((asset) => {
    const { path } = mapOf(mapOf(asset).source);
    return typeof path === "string" && path.endsWith(`.nested${suffix}`) ? [{ file: path }] : [];
  });
}

const mapOf = (value: Json | undefined): JsonMap => (isMap(value) ? value : {});
