import { terraformPlan } from "../src/core/formats/terraform-plan/index.ts";
import type { Key, Reference, Unknown } from "../src/core/model/document.ts";
import type { Part, TargetOptions } from "../src/core/model/format.ts";
import type { Json, Parsed } from "../src/core/model/source.ts";
import { parseBigJson } from "../src/core/parse/json.ts";

type Values = { [name: string]: unknown };

/** A resource of a plan: its planned values and its configuration. */
export interface ResourceSpec {
  address: string;
  after?: Values | null;
  /** Names of attributes that are known only after apply, or the shape of `after_unknown`. */
  unknown?: string[] | Values;
  sensitive?: Values | boolean;
  before?: Values | null;
  actions?: string[];
  index?: string | number;
  /** The expressions in the configuration; null if the resource is not in the configuration. */
  config?: Values | null;
  forEach?: string[];
  provider?: string;
}

export interface ModuleSpec {
  /** The arguments of the module call. */
  arguments?: Values;
  outputs?: { [name: string]: string[] };
  variables?: Values;
  /** Child modules. Their resources are the elements of `resources` with the address of the module. */
  modules?: { [name: string]: ModuleSpec };
  forEach?: string[];
}

export interface PlanSpec extends ModuleSpec {
  resources: ResourceSpec[];
  providers?: Values;
  variableValues?: Values;
  /** Values of data sources that were read at plan time, by `data.` address. */
  dataSources?: { [address: string]: Values };
  /** Data sources that are only in the configuration. */
  dataSourceConfigs?: ResourceSpec[];
  extra?: Values;
}

export const refs = (...references: string[]) => ({ references });
export const constant = (value: unknown) => ({ constant_value: value });

const withoutIndexes = (address: string): string => address.replace(/\[[^\]]*\]/g, "");

function partsOf(address: string) {
  const module = /^((?:module\.[^.[]+(?:\[[^\]]*\])?\.?)*)/.exec(address)?.[1] ?? "";
  const own = withoutIndexes(address.slice(module.length));
  const steps = own.split(".");
  const data = steps[0] === "data";
  const [type = "", name = ""] = data ? steps.slice(1) : steps;
  return { module: module.replace(/\.$/, ""), own, mode: data ? "data" : "managed", type, name };
}

const shape = (unknown: ResourceSpec["unknown"]): Values =>
  Array.isArray(unknown) ? Object.fromEntries(unknown.map((name) => [name, true])) : (unknown ?? {});

function changeOf(short: ResourceSpec): Values {
  const { module, mode, type, name } = partsOf(short.address);
  return {
    address: short.address,
    ...(module === "" ? {} : { module_address: module }),
    mode,
    type,
    name,
    ...(short.index === undefined ? {} : { index: short.index }),
    change: {
      actions: short.actions ?? (mode === "data" ? ["read"] : ["create"]),
      before: short.before ?? null,
      after: short.after === undefined ? {} : short.after,
      after_unknown: shape(short.unknown),
      before_sensitive: false,
      after_sensitive: short.sensitive ?? {},
    },
  };
}

const resourceOf = (short: ResourceSpec): Values => {
  const { own, mode, type, name } = partsOf(short.address);
  return {
    address: own,
    mode,
    type,
    name,
    provider_config_key: short.provider ?? "aws",
    expressions: short.config ?? {},
    ...(short.forEach === undefined ? {} : { for_each_expression: refs(...short.forEach) }),
  };
};

function moduleOf(module: ModuleSpec, path: string, all: ResourceSpec[]): Values {
  const here = all.filter(
    (short) => withoutIndexes(partsOf(short.address).module) === path && short.config !== null,
  );
  const distinct = new Map(here.map((short) => [partsOf(short.address).own, resourceOf(short)]));
  return {
    resources: [...distinct.values()],
    outputs: Object.fromEntries(
      Object.entries(module.outputs ?? {}).map(([name, list]) => [name, { expression: refs(...list) }]),
    ),
    variables: module.variables ?? {},
    module_calls: Object.fromEntries(
      Object.entries(module.modules ?? {}).map(([name, inner]) => [
        name,
        {
          source: `./${name}`,
          expressions: inner.arguments ?? {},
          ...(inner.forEach === undefined ? {} : { for_each_expression: refs(...inner.forEach) }),
          module: moduleOf(inner, path === "" ? `module.${name}` : `${path}.module.${name}`, all),
        },
      ]),
    ),
  };
}

/** Returns a plan in the format of `terraform show -json`. */
export function planJson(plan: PlanSpec): Values {
  const providers = plan.providers ?? {
    aws: { name: "aws", expressions: { region: constant("eu-west-1") } },
  };
  const read = Object.entries(plan.dataSources ?? {}).map(([address, values]) => {
    const { mode, type, name } = partsOf(address);
    return { address, mode, type, name, values };
  });
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    variables: Object.fromEntries(
      Object.entries(plan.variableValues ?? {}).map(([name, value]) => [name, { value }]),
    ),
    resource_changes: plan.resources.map(changeOf),
    prior_state: { format_version: "1.0", values: { root_module: { resources: read } } },
    configuration: {
      provider_config: providers,
      root_module: moduleOf(plan, "", [...plan.resources, ...(plan.dataSourceConfigs ?? [])]),
    },
    ...plan.extra,
  };
}

export function parsedJson(value: unknown, path = "plan.json"): Parsed {
  const parsed = parseBigJson({ path, text: JSON.stringify(value, null, 1) });
  if ("message" in parsed) throw new Error(parsed.message);
  return parsed;
}

export const readJson = (value: unknown, options: TargetOptions = {}): Part =>
  terraformPlan.normalize(parsedJson(value), options);

export const readPlan = (plan: PlanSpec, options: TargetOptions = {}): Part =>
  readJson(planJson(plan), options);

/** Returns the only key of a plan. */
export function keyOf(plan: PlanSpec, options: TargetOptions = {}): Key {
  const [key, ...more] = readPlan(plan, options).keys;
  if (key === undefined || more.length > 0)
    throw new Error(`expected one key, found ${more.length + (key === undefined ? 0 : 1)}`);
  return key;
}

export const unknownOf = (expression: string, reason = "known only after apply"): Unknown => ({
  unknown: { reason, expression },
});

/** Returns IDs without the file. */
export const addresses = (ids: string[]): string[] => ids.map((id) => id.slice(id.indexOf("#") + 1));

export const policyText = (...statements: unknown[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

export const rootStatement = (account = "111122223333") => ({
  Sid: "Root",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: "kms:*",
  Resource: "*",
});

export type { Json };

/** A key for references. */
export const k = "aws_kms_key.k";
export const key: ResourceSpec = { address: k, unknown: ["arn", "key_id", "id"] };
export const arnOf = (address: string) => refs(`${address}.arn`, address);

/** Returns the keys of a reference, and the alias if there is one. */
export const referenceSummary = ({ keys, alias }: Reference) => [
  ...addresses(keys),
  ...(alias === undefined ? [] : [alias]),
];
