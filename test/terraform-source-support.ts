import { normalizeTerraform } from "../src/core/formats/terraform-source/index.ts";
import { linkParts } from "../src/core/link/link.ts";
import type { Document, Key } from "../src/core/model/document.ts";
import type { Part, TargetOptions } from "../src/core/model/format.ts";
import type { EvaluationResponse } from "../src/core/model/terraform-evaluation.ts";

/*
 * Short descriptions of evaluated source. «data.aws_caller_identity.current.account_id» in a string is an unknown value.
 * The key of its provider follows after an @ if it is not `aws`. «var.name» is a variable without default.
 */

type Values = { [key: string]: unknown };

export interface ResourceSpec {
  address: string;
  values: Values;
  provider?: string;
  /** The variables behind known values, by argument. */
  given?: { [argument: string]: { variable: string; default: boolean; sensitive: boolean }[] };
  sensitive?: Values;
  lifecycle?: Values;
  /** The source text of values, by pointer. */
  at?: { [pointer: string]: string };
  file?: string;
}

export interface OutcomeSpec {
  /** The conditions of the outcome, by name. */
  when: { [subject: string]: boolean };
  resources: ResourceSpec[];
}

export interface SourceSpec {
  files?: { [path: string]: string };
  /** Components with one outcome. */
  resources?: ResourceSpec[];
  components?: ResourceSpec[][];
  choices?: OutcomeSpec[][];
  providers?: { [key: string]: Values };
}

/** Returns the response of an evaluation, and the source files. */
export function responseOf(short: SourceSpec): {
  response: EvaluationResponse;
  texts: { [path: string]: string };
} {
  const texts = short.files ?? { "main.tf": "# nothing" };
  const files = Object.keys(texts);
  const holes: EvaluationResponse["holes"] = [];
  const numbers = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    const [expression = "", provider = "aws"] = text.split("@");
    holes.push(holeOf(expression, provider));
    numbers.set(text, holes.length - 1);
    return holes.length - 1;
  };
  const marked = (text: string): string =>
    text.replace(/«([^«»]*)»/g, (_, inner: string) => `\u{F0000}${numberOf(inner)}\u{F0001}`);
  const deep = (value: unknown): unknown => {
    if (typeof value === "string") return marked(value);
    if (Array.isArray(value)) return value.map(deep);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [marked(key), deep(item)]));
  };
  const expressionOf = (value: unknown): unknown => {
    if (Array.isArray(value) && value.length > 0 && value.every(isBlock))
      return value.map((block) =>
        Object.fromEntries(Object.entries(block as Values).map(([k, v]) => [k, expressionOf(v)])),
      );
    const found = JSON.stringify(value).match(/\u{F0000}\d+\u{F0001}/gu);
    return found === null ? { constant_value: value } : { references: [...new Set(found)] };
  };
  const changeOf = (resource: ResourceSpec) => {
    const { module, type, name, index } = partsOf(resource.address);
    const values = deep(resource.values) as Values;
    const given = (argument: string) => {
      const list = resource.given?.[argument];
      return list === undefined
        ? {}
        : { references: list.map(({ variable }) => `var.${variable}`), given: list };
    };
    const file = resource.file ?? (files[0] as string);
    const text = texts[file] ?? "";
    const rangeOf = (snippet: string): [number, number, number] => {
      const start = text.indexOf(snippet);
      if (start < 0) throw new Error(`${snippet} is not in ${file}`);
      const from = Buffer.byteLength(text.slice(0, start));
      return [files.indexOf(file), from, from + Buffer.byteLength(snippet)];
    };
    return {
      address: resource.address,
      ...(module === "" ? {} : { module_address: module }),
      mode: resource.address.startsWith("data.") ? "data" : "managed",
      type,
      name,
      ...(index === undefined ? {} : { index }),
      change: {
        actions: ["create"],
        before: null,
        after: values,
        after_unknown: {},
        after_sensitive: resource.sensitive ?? false,
      },
      written: {
        provider_config_key: resource.provider ?? "aws",
        expressions: Object.fromEntries(
          Object.entries(values).map(([key, value]) => [
            key,
            resource.given?.[key] === undefined ? expressionOf(value) : given(key),
          ]),
        ),
      },
      ...(resource.lifecycle === undefined ? {} : { lifecycle: deep(resource.lifecycle) }),
      ranges: {
        "": rangeOf(text),
        ...Object.fromEntries(
          Object.entries(resource.at ?? {}).map(([pointer, snippet]) => [pointer, rangeOf(snippet)]),
        ),
      },
    };
  };
  const providers = deep(short.providers ?? { aws: { region: { constant_value: "eu-west-1" } } }) as Values;
  const planOf = (resources: ResourceSpec[]) => ({
    format_version: "1.2",
    resource_changes: resources.map(changeOf),
    configuration: {
      provider_config: Object.fromEntries(
        Object.entries(providers).map(([key, expressions]) => [key, { name: "aws", expressions }]),
      ) as never,
    },
  });
  const plain = [...(short.components ?? []), ...(short.resources === undefined ? [] : [short.resources])];
  const components = [
    ...plain.map((resources) => [{ decisions: [], plan: planOf(resources) }]),
    ...(short.choices ?? []).map((outcomes) =>
      outcomes.map(({ when, resources }) => ({
        decisions: Object.entries(when).map(([subject, holds]) => ({
          atom: { id: subject, subject },
          choice: holds ? 0 : 1,
        })),
        plan: planOf(resources),
      })),
    ),
  ];
  return {
    response: { directory: "infra", problems: [], unseen: [], files, calls: {}, holes, components },
    texts,
  };
}

const isBlock = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function holeOf(expression: string, provider: string): EvaluationResponse["holes"][number] {
  if (/^(var|local)\./.test(expression)) return { reason: "variable without default", expression };
  if (/^module\./.test(expression)) return { reason: "the module is not available", expression };
  const data = expression.startsWith("data.");
  const steps = (data ? expression.slice(5) : expression).split(".");
  const [type = "", named = "", attribute = ""] = steps;
  const [, name = named, index] = /^(\w+)\[(\d+)\]$/.exec(named) ?? [];
  return {
    reason: "known only after apply",
    expression,
    leaf: {
      module: "",
      data,
      type,
      name,
      ...(index === undefined ? {} : { index: Number(index) }),
      attribute,
      provider,
    },
  };
}

function partsOf(address: string) {
  const [, module = "", type = "", name = "", index] =
    /^((?:module\.\w+(?:\["\w+"\])?\.)*)(?:data\.)?(\w+)\.(\w+)(?:\[(.*)\])?$/.exec(address) ?? [];
  return {
    module: module.replace(/\.$/, ""),
    type,
    name,
    index: index === undefined ? undefined : (JSON.parse(index) as string | number),
  };
}

export function readSource(short: SourceSpec, options: TargetOptions = {}): Part {
  const { response, texts } = responseOf(short);
  return normalizeTerraform(response, (path) => texts[path], options).part;
}

export const documentOf = (short: SourceSpec, options: TargetOptions = {}): Document =>
  linkParts([readSource(short, options)], options);

/** Returns the only key of a source, with its owner. */
export function keyOf(short: SourceSpec, options: TargetOptions = {}): Key {
  const { keys } = documentOf(short, options);
  if (keys.length !== 1) throw new Error(`${keys.length} keys`);
  return keys[0] as Key;
}

export const caller = "«data.aws_caller_identity.current.account_id»";

export const policyText = (...statements: unknown[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const allow = (principal: unknown, action: unknown = "kms:*") => ({
  Effect: "Allow",
  Principal: principal,
  Action: action,
  Resource: "*",
});
