import { posix } from "node:path";
import { type Document, entitiesIn, entityKinds } from "../../core/model/document.ts";
import type { TargetOptions } from "../../core/model/format.ts";
import { isMap, type JsonMap } from "../../core/model/json.ts";
import { isRegion } from "../../core/model/region.ts";
import type { Json, Problem, Source } from "../../core/model/source.ts";
import { isTerraform } from "../../core/model/terraform-module.ts";
import { isTerraformText, nothingFoundMessage } from "../../core/parse/kms-content.ts";
import { isProblem } from "../../core/parse/problem.ts";
import type { Decide, Decision } from "../decide.ts";
import type { Decided } from "../protocol.ts";
import validator from "../validator.cts";

/** What a request gives to be judged: texts and what it knows about their place, or a normalized document. */
export type Given = { files: Source[]; place: TargetOptions } | { document: Document };

const PATH = "input";

/** What is undecided because of a problem, as an input that cannot be read is. */
export function undecided(problem: Problem, decide: Decide): Decision {
  const { report: nothing, document } = decide([]);
  const report = { ...nothing, problems: [problem] };
  return { ...decide.verdict(report), report, document };
}

/** What the decision log tells about a decision. `result`: what was answered. */
export function toldOf({ outcome, document }: Decision, path: string, result: unknown): Decided {
  const unread = outcome === "undecided" && entitiesIn(document).length === 0;
  return { path, outcome, result, ...(unread ? {} : { input: document }) };
}

/** The decision about what was given. Where it held nothing at all, a notice says so. */
export function decided(given: Given | Problem, decide: Decide): Decision {
  if (isProblem(given)) return undecided(given, decide);
  const decision =
    "document" in given ? decide.document(given.document) : decide(given.files, { ...given.place });
  const { files, problems, notices } = decision.report;
  if (files.length + problems.length + notices.length > 0) return decision;
  const names = "document" in given ? PATH : given.files.map(({ path }) => path).join(", ");
  return {
    ...decision,
    report: { ...decision.report, notices: [{ file: names, message: nothingFoundMessage }] },
  };
}

/**
 * What a JSON value gives: itself, a text, files with their paths, or a document that is normalized already. `text` is
 * the value as it is written.
 */
export function givenBy(value: Json, text: string): Given | Problem {
  if (typeof value === "string") return filesOf([{ text: value }], {});
  if (!isMap(value) && !Array.isArray(value))
    return wrong(`It is ${JSON.stringify(value)}.`, "Give a template, a plan, a policy, or files.");
  if (!isMap(value)) return { files: [{ path: PATH, text, named: true }], place: {} };
  if (Object.hasOwn(value, "files") || Object.hasOwn(value, "text")) return enveloped(value);
  if (isNormalized(value)) return normalized(value);
  return { files: [{ path: PATH, text, named: true }], place: {} };
}

/** `{path?, text}` or `{files: [{path?, text}]}`, with `account` and `region`. */
function enveloped(value: JsonMap): Given | Problem {
  const place = placeIn(value["account"], value["region"]);
  if (isProblem(place)) return place;
  const { account: _, region: __, ...rest } = value;
  if (!Object.hasOwn(rest, "files")) return withWrong(fileIn(rest, ""), (file) => filesOf([file], place));
  const { files, ...other } = rest;
  const [unknown] = Object.keys(other);
  if (unknown !== undefined) return unknownName(`/${unknown}`);
  if (!Array.isArray(files) || files.length === 0)
    return wrong("/files is no list of files.", "Give [{path, text}, …], one at least.");
  const read = files.map((file, index) => fileIn(file, `/files/${index}`));
  return read.find(isProblem) ?? filesOf(read as NamedText[], place);
}

export interface NamedText {
  path?: string;
  text: string;
}

function fileIn(value: Json, pointer: string): NamedText | Problem {
  if (!isMap(value)) return wrong(`${pointer} is no file.`, "Give {path, text}.");
  const { path, text, ...other } = value;
  const [unknown] = Object.keys(other);
  if (unknown !== undefined) return unknownName(`${pointer}/${unknown}`);
  if (typeof text !== "string") return wrong(`${pointer}/text is no string.`, "Give the text of the file.");
  if (path === undefined) return { text };
  if (typeof path !== "string")
    return wrong(`${pointer}/path is no string.`, "Give a path, or leave it out.");
  return { path, text };
}

const withWrong = <A, B>(value: A | Problem, to: (value: A) => B): B | Problem =>
  isProblem(value) ? value : to(value);

const unknownName = (pointer: string): Problem =>
  wrong(
    `${JSON.stringify(pointer)} is not known.`,
    "A file has path and text; beside files and text there are account and region.",
  );

/** Files by the paths that they were given, or by what they are. */
export function filesOf(given: NamedText[], place: TargetOptions): Given | Problem {
  const files = given.map(({ path, text }) => ({ path: path ?? nameOf(text), text }));
  const seen = new Set<string>();
  for (const { path } of files) {
    if (!isPath(path))
      return wrong(
        `${JSON.stringify(path.slice(0, 100))} is no path.`,
        "A path has 1 to 1024 characters, and no control characters.",
      );
    const same = posix.normalize(path);
    if (seen.has(same))
      return wrong(`${JSON.stringify(path)} stands twice.`, "Give each file a path of its own.");
    seen.add(same);
  }
  // What stands beside Terraform's source is read as in a directory: its functions may read it, and it may be anything.
  const beside = files.some(({ path }) => isTerraform(path));
  return {
    files: files.map((file) => (beside && !isTerraform(file.path) ? file : { ...file, named: true })),
    place,
  };
}

const isPath = (path: string): boolean => /^[^\p{Cc}]{1,1024}$/u.test(path);

/** What a text is called that came without a name. */
const nameOf = (text: string): string => {
  if (!isTerraformText(text)) return PATH;
  return /^\s*\{/.test(text) ? "main.tf.json" : "main.tf";
};

/** Where the keys are. An absent or empty part is not said. */
export function placeIn(account: unknown, region: unknown): TargetOptions | Problem {
  if (account !== undefined && !(typeof account === "string" && /^\d{12}$/.test(account)))
    return wrong(
      `The account is ${shown(account)}.`,
      'Give twelve digits in quotes, such as "111122223333".',
    );
  if (region !== undefined && !(typeof region === "string" && isRegion(region)))
    return wrong(`The Region is ${shown(region)}.`, "Give a Region such as eu-central-1.");
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 100);

/** Whether a value is meant to be what `keywarden normalize` prints: it has names that nothing else has together. */
const isNormalized = (value: JsonMap): boolean =>
  Object.hasOwn(value, "dataVersion") || entityKinds.filter((kind) => Object.hasOwn(value, kind)).length > 1;

function normalized(value: JsonMap): Given | Problem {
  const validate = validator.documentValidator();
  if (validate(value)) return { document: value as unknown as Document };
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== "anyOf");
  // Of the alternatives for a value the one that went deepest says the most.
  const depth = Math.max(...errors.map(({ instancePath }) => instancePath.split("/").length));
  const deepest = errors.filter(({ instancePath }) => instancePath.split("/").length === depth);
  const [{ instancePath = "", params = {} } = {}] = deepest;
  const name = params["additionalProperty"];
  const said = [...new Set(deepest.map(({ message }) => message))].join(" or ");
  const extra = typeof name === "string" ? `: ${JSON.stringify(name)}` : "";
  return wrong(
    `It is no normalized document: ${instancePath === "" ? "it" : instancePath} ${said}${extra}.`,
    "Give what keywarden normalize prints; policies/schemas/document.json describes it.",
  );
}

export const wrong = (message: string, remedy: string): Problem => ({ file: PATH, message, remedy });
