import { isMap, type JsonMap } from "../../model/json.ts";
import { escapePointer } from "../../model/node.ts";
import type { Json, Parsed, Problem, UnseenKind, UnseenPart } from "../../model/source.ts";
import { isNoEcho } from "../sensitive.ts";
import { compilePattern, matchesAllowedPattern, valuesOfPattern } from "./pattern.ts";

export { isMap, type JsonMap };

export const isScalar = (value: Json | undefined): value is string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";

export interface Parameter {
  type: string;
  /** A list, whose default is a comma-separated string. */
  isList: boolean;
  /** The value is read from Systems Manager at deployment. The template contains only the name. */
  fromSsm: boolean;
  default?: string;
  /** The only values that the parameter accepts. */
  allowedValues?: string[];
  pattern?: string;
  /** Returns whether the parameter accepts a value. */
  allows(value: string): boolean;
}

/** The sections of a template, prepared for evaluation. */
export interface CloudFormationTemplate {
  parsed: Parsed;
  parameters: Map<string, Parameter>;
  mappings: JsonMap;
  conditions: JsonMap;
  resources: JsonMap;
  /** The template declares the transform `AWS::LanguageExtensions`. */
  languageExtensions: boolean;
  /** A transform (SAM, a macro, AWS::Include) extends the template, so names may be defined outside it. */
  transformed: boolean;
  /** A template of org-formation, which replaces the names of accounts by their IDs before it deploys the template. */
  namesAccounts: boolean;
  /** The template declares the SAM transform, which creates a role for each function. */
  serverless: boolean;
  /** Parameters whose values must not be shown. */
  noEcho: ReadonlySet<string>;
  /** The values of expressions that refer to them, by pointer. */
  sensitiveValues: Map<string, Set<string>>;
  problems: Map<string, Problem>;
  /** The parts that CloudFormation adds at deployment, however often the evaluation encounters them. */
  unseen: Map<string, UnseenPart>;
  /** In a change set, all unknown values have the same placeholder. Returns a distinct name, by location. */
  nameUnknown?(pointer: string): string;
}

export function readTemplate(parsed: Parsed): CloudFormationTemplate {
  const root: JsonMap = isMap(parsed.value) ? parsed.value : {};
  const section = (name: string): JsonMap => {
    const value = root[name];
    return isMap(value) ? value : {};
  };
  const version = root.AWSTemplateFormatVersion;
  const transforms = [root.Transform ?? []].flat().map((item) => (isMap(item) ? item.Name : item));
  const parameters = new Map(
    Object.entries(section("Parameters")).map(([name, value]) => [name, readParameter(value)]),
  );
  const inserts = ["Parameters", "Resources", "Conditions", "Mappings"].some(
    (name) => "Fn::Transform" in section(name),
  );
  return {
    parsed,
    parameters,
    mappings: section("Mappings"),
    conditions: section("Conditions"),
    resources: section("Resources"),
    languageExtensions: transforms.includes("AWS::LanguageExtensions"),
    transformed: inserts || transforms.some((name) => name !== "AWS::LanguageExtensions"),
    namesAccounts: typeof version === "string" && version.endsWith("-OC"),
    serverless: transforms.some((name) => typeof name === "string" && name.startsWith("AWS::Serverless")),
    noEcho: new Set(
      // An empty default is no secret, and everything around it would count as derived from one.
      Object.entries(section("Parameters")).flatMap(([name, value]) =>
        isNoEcho(value) && value.Default !== "" ? [name] : [],
      ),
    ),
    sensitiveValues: new Map(),
    problems: new Map(),
    unseen: new Map(),
  };
}

function readParameter(raw: Json): Parameter {
  const fields = isMap(raw) ? raw : {};
  const type = typeof fields.Type === "string" ? fields.Type : "String";
  const isListType = type === "CommaDelimitedList" || /(^|<)(List<|CommaDelimitedList>)/.test(type);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/parameters-section-structure.html:
  // the default, allowed values, and pattern of AWS::SSM::Parameter::Value<…> apply to the name, not to the value.
  const isFromSsm = type.startsWith("AWS::SSM::Parameter::Value");
  const text = (value: Json | undefined) => (isScalar(value) ? String(value) : undefined);
  const pattern = isFromSsm ? undefined : text(fields.AllowedPattern);
  const regex = pattern === undefined ? undefined : compilePattern(pattern);
  const minimum = isFromSsm ? 0 : Number(fields.MinLength ?? 0);
  const allowed = isFromSsm
    ? undefined
    : allowedValues(fields.AllowedValues, isListType ? undefined : pattern);
  const fallback = Array.isArray(fields.Default) ? fields.Default.join(",") : text(fields.Default);
  return {
    type,
    isList: isListType,
    fromSsm: isFromSsm,
    ...(isFromSsm || fallback === undefined ? {} : { default: fallback }),
    ...(allowed ? { allowedValues: allowed } : {}),
    ...(pattern === undefined ? {} : { pattern }),
    allows: (value) =>
      !(value.length < minimum) &&
      (allowed?.includes(value) ?? true) &&
      (matchesAllowedPattern(regex, value) ?? true),
  };
}

function allowedValues(raw: Json | undefined, pattern: string | undefined): string[] | undefined {
  if (!Array.isArray(raw) || raw.length === 0) return pattern ? valuesOfPattern(pattern) : undefined;
  return raw.every(isScalar) ? [...new Set(raw.map(String))] : undefined;
}

export function problemAt(
  template: CloudFormationTemplate,
  pointer: string,
  message: string,
  remedy: string,
): Problem {
  const { start } = template.parsed.locate(pointer);
  const file = template.parsed.source.path;
  return { file, line: start.line, column: start.column, message, remedy };
}

/** Adds a problem once, however often the evaluation encounters it. */
export function addProblem(template: CloudFormationTemplate, problem: Problem): void {
  template.problems.set(JSON.stringify(problem), problem);
}

/** Adds an unseen part once. */
export function addUnseen(template: CloudFormationTemplate, part: UnseenPart): void {
  template.unseen.set(JSON.stringify(part), part);
}

/** Returns an unseen part at a position of the template. */
export function unseenAt(
  { parsed }: CloudFormationTemplate,
  kind: UnseenKind,
  pointer: string,
  part: Pick<UnseenPart, "subject" | "message" | "remedy">,
): UnseenPart {
  const { start } = parsed.locate(pointer);
  return { kind, file: parsed.source.path, line: start.line, column: start.column, ...part };
}

/** Returns a property of a resource as written. */
export const propertyOf = ({ raw }: { raw: JsonMap }, name: string): Json | undefined =>
  isMap(raw.Properties) ? raw.Properties[name] : undefined;

export const joinPointer = (pointer: string, key: string | number): string =>
  `${pointer}/${escapePointer(String(key))}`;
