import { posix } from "node:path";
import { type Document, entitiesIn, entityKinds } from "../../core/model/document.ts";
import type { TargetOptions } from "../../core/model/format.ts";
import { isMap, type JsonMap } from "../../core/model/json.ts";
import { isRegion } from "../../core/model/region.ts";
import type { Json, Problem, Source } from "../../core/model/source.ts";
import { isTerraform } from "../../core/model/terraform-module.ts";
import { isTerraformSource, nothingFoundMessage } from "../../core/parse/kms-content.ts";
import { isProblem } from "../../core/parse/problem.ts";
import type { Decider, PolicyDecision } from "../decision.ts";
import { findingCounts } from "../finding-counts.ts";
import { undecidedReason } from "../messages.ts";
import type { DecisionRecord } from "../protocol.ts";
import { withProblem, withRequiredContent } from "../required-content.ts";
import validator from "../validator.cts";

/** The input of a decision: files with their target account and Region, or a normalized document. */
export type DecisionInput = { files: Source[]; target: TargetOptions } | { document: Document };

/** Path of an input that has none. */
const INPUT_PATH = "input";

/** Returns the decision for a request whose input could not be read. */
export const undecidedDecision = (problem: Problem, decide: Decider): PolicyDecision =>
  withProblem(decide([]), problem, decide);

/** Returns the record of a decision for the decision log. `result` is the protocol's answer. */
export function decisionRecord(decision: PolicyDecision, path: string, result: unknown): DecisionRecord {
  const { outcome, document, report } = decision;
  const reason = undecidedReason(decision);
  const isUnread = outcome === "undecided" && entitiesIn(document).length === 0;
  return {
    path,
    outcome,
    result,
    ...(isUnread ? {} : { input: document }),
    ...(reason === undefined ? {} : { reason }),
    findings: findingCounts(report.findings),
  };
}

/** Decides about an input. Adds a notice if the input contains nothing about KMS. */
export function decideInput(input: DecisionInput | Problem, decide: Decider): PolicyDecision {
  if (isProblem(input)) return undecidedDecision(input, decide);
  const paths = "document" in input ? INPUT_PATH : input.files.map(({ path }) => path).join(", ");
  const decision = withRequiredContent(
    "document" in input ? decide.decideDocument(input.document) : decide(input.files, { ...input.target }),
    paths,
    decide,
  );
  const { files, problems, unseen, notices } = decision.report;
  if (files.length + problems.length + unseen.length + notices.length > 0) return decision;
  return {
    ...decision,
    report: { ...decision.report, notices: [{ file: paths, message: nothingFoundMessage }] },
  };
}

/**
 * Reads a JSON value as an input: the content of a file as an object or string, an envelope of files with their
 * paths, or a normalized document. `text` is the JSON of the value.
 */
export function inputFromJson(value: Json, text: string): DecisionInput | Problem {
  if (typeof value === "string") return inputFromFiles([{ text: value }], {});
  if (!isMap(value) && !Array.isArray(value))
    return inputProblem(
      `The input is ${JSON.stringify(value)}.`,
      "Send a template, a plan, a key policy, or files.",
    );
  if (!isMap(value)) return { files: [{ path: INPUT_PATH, text, named: true }], target: {} };
  if (Object.hasOwn(value, "files") || Object.hasOwn(value, "text")) return inputFromFileEnvelope(value);
  if (isNormalized(value)) return inputFromDocument(value);
  return inputFromFiles([{ text }], {});
}

/** Reads `{path?, text}` or `{files: [{path?, text}]}`, with optional `account` and `region`. */
function inputFromFileEnvelope(value: JsonMap): DecisionInput | Problem {
  const target = parseTarget(value["account"], value["region"]);
  if (isProblem(target)) return target;
  const { account: _, region: __, ...rest } = value;
  if (!Object.hasOwn(rest, "files")) {
    const file = parseFile(rest, "");
    return isProblem(file) ? file : inputFromFiles([file], target);
  }
  const { files, ...other } = rest;
  const [unknown] = Object.keys(other);
  if (unknown !== undefined) return unknownMember(`/${unknown}`);
  if (!Array.isArray(files) || files.length === 0)
    return inputProblem("/files is not a list of files.", "Send [{path, text}, …] with at least one file.");
  const parsed = files.map((file, index) => parseFile(file, `/files/${index}`));
  return parsed.find(isProblem) ?? inputFromFiles(parsed as NamedFile[], target);
}

export interface NamedFile {
  path?: string;
  text: string;
}

function parseFile(value: Json, pointer: string): NamedFile | Problem {
  if (!isMap(value)) return inputProblem(`${pointer} is not a file.`, "Send {path, text}.");
  const { path, text, ...other } = value;
  const [unknown] = Object.keys(other);
  if (unknown !== undefined) return unknownMember(`${pointer}/${unknown}`);
  if (typeof text !== "string")
    return inputProblem(`${pointer}/text is not a string.`, "Send the content of the file.");
  if (path === undefined) return { text };
  if (typeof path !== "string")
    return inputProblem(`${pointer}/path is not a string.`, "Send a path, or omit it.");
  return { path, text };
}

const unknownMember = (pointer: string): Problem =>
  inputProblem(
    `Unknown member ${JSON.stringify(pointer)}.`,
    "A file has path and text. The members account and region are next to files or text.",
  );

/** Returns files as an input. A file without a path gets one that matches its content. */
export function inputFromFiles(namedFiles: NamedFile[], target: TargetOptions): DecisionInput | Problem {
  const files = namedFiles.map(({ path, text }) => ({ path: path ?? defaultPath(text), text }));
  const seen = new Set<string>();
  for (const { path } of files) {
    if (!isPath(path))
      return inputProblem(
        `${JSON.stringify(path.slice(0, 100))} is not a path.`,
        "A path has 1 to 1024 characters and no control characters.",
      );
    const normalizedPath = posix.normalize(path);
    if (seen.has(normalizedPath))
      return inputProblem(`The path ${JSON.stringify(path)} occurs twice.`, "Give each file its own path.");
    seen.add(normalizedPath);
  }
  // Next to Terraform source, any file may be data for Terraform functions, so it need not contain keys.
  const hasTerraform = files.some(({ path }) => isTerraform(path));
  return {
    files: files.map((file) => (hasTerraform && !isTerraform(file.path) ? file : { ...file, named: true })),
    target,
  };
}

const isPath = (path: string): boolean => /^[^\p{Cc}]{1,1024}$/u.test(path);

const defaultPath = (text: string): string => {
  if (!isTerraformSource(text)) return INPUT_PATH;
  return /^\s*\{/.test(text) ? "main.tf.json" : "main.tf";
};

/** Reads the target account and Region. Omits those that are undefined. */
export function parseTarget(account: unknown, region: unknown): TargetOptions | Problem {
  if (account !== undefined && !(typeof account === "string" && /^\d{12}$/.test(account)))
    return inputProblem(
      `${abbreviate(account)} is not an AWS account ID.`,
      'Send a string of twelve digits, such as "111122223333".',
    );
  if (region !== undefined && !(typeof region === "string" && isRegion(region)))
    return inputProblem(`${abbreviate(region)} is not an AWS Region.`, "Send a Region such as eu-central-1.");
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

const abbreviate = (value: unknown): string => JSON.stringify(value).slice(0, 100);

/** Returns whether a value looks like the output of `keywarden normalize`, by members that no other input combines. */
const isNormalized = (value: JsonMap): boolean =>
  Object.hasOwn(value, "dataVersion") || entityKinds.filter((kind) => Object.hasOwn(value, kind)).length > 1;

function inputFromDocument(value: JsonMap): DecisionInput | Problem {
  const validate = validator.documentValidator();
  if (validate(value)) return { document: value as unknown as Document };
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== "anyOf");
  // If a value matches none of several schemas, the deepest error belongs to the schema that fits best.
  const depth = Math.max(...errors.map(({ instancePath }) => instancePath.split("/").length));
  const deepest = errors.filter(({ instancePath }) => instancePath.split("/").length === depth);
  const [{ instancePath = "", params = {} } = {}] = deepest;
  const name = params["additionalProperty"];
  const messages = [...new Set(deepest.map(({ message }) => message))].join(" or ");
  const detail = typeof name === "string" ? `: ${JSON.stringify(name)}` : "";
  return inputProblem(
    `The normalized document is not valid: ${instancePath === "" ? "it" : instancePath} ${messages}${detail}.`,
    "Send the output of keywarden normalize; policies/schemas/document.json is its schema.",
  );
}

export const inputProblem = (message: string, remedy: string): Problem => ({
  file: INPUT_PATH,
  message,
  remedy,
});
