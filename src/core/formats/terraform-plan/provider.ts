import type { Value } from "../../model/document.ts";
import { isRegion } from "../../model/region.ts";
import type { Json } from "../../model/source.ts";
import { type AddressStep, modulePath, parseAddress } from "./address.ts";
import { isObject, type JsonObject, jsonAt, listAt, stringAt } from "./json.ts";
import { firstUnknown, hasPlaceholder, isPlaceholder } from "./placeholders.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { type PlanConfiguration, referencesOf } from "./plan-configuration.ts";
import { knownAfterApply, unknownBecause } from "./values.ts";

const depthLimit = 40;

/** A provider configuration. */
export interface ProviderConfig {
  /** `aws`, `aws.west`, `module.a:aws`. */
  key: string;
  module: AddressStep[];
  alias: boolean;
  config: JsonObject | undefined;
}

/**
 * Returns the provider configuration of a resource. A module that inherits the default provider has no entry, or an entry
 * without expressions (`module.a.module.b:aws`). Then the nearest ancestor's provider configuration applies.
 */
export function providerConfigOf(
  configuration: PlanConfiguration,
  resource: JsonObject | undefined,
): ProviderConfig | undefined {
  const key = stringAt(resource, "provider_config_key");
  if (key === undefined) return undefined;
  const [, prefix = "", name = key] = /^(.*):([^:"\]]*)$/.exec(key) ?? [];
  for (let module = modulePath(prefix); ; module = module.slice(0, -1)) {
    const path = module.map((step) => `module.${step.name}`).join(".");
    const entry = configuration.provider(path === "" ? name : `${path}:${name}`);
    if (isObject(jsonAt(entry, "expressions")) || module.length === 0)
      return { key: `${path}:${name}`, module, alias: name.includes("."), config: entry };
  }
}

/** Returns the name of a provider configuration: `aws`, `aws.west`, `module.a:aws`. */
export const providerName = (provider: ProviderConfig | undefined): string =>
  (provider?.key ?? "").replace(/^:/, "");

/** Returns the Region of a resource: from its argument, its ARN, or its provider configuration. */
export function resourceRegion(
  plan: Plan,
  resource: PlanResource,
  preset: string | undefined,
): Value<string> {
  const { configuration } = plan;
  const region = jsonAt(resource.values, "region");
  if (typeof region === "string" && region !== "") return evaluatedString(plan, region);
  const fromArn = stringAt(resource.values, "arn")?.split(":")[3];
  if (fromArn !== undefined && fromArn !== "") return fromArn;
  const argument = jsonAt(resource.config, "expressions", "region");
  if (argument !== undefined && jsonAt(argument, "constant_value") !== null)
    return unknownBecause(knownAfterApply, referencesOf(argument)[0] ?? "region");
  const provider = providerConfigOf(configuration, resource.config);
  const expression = jsonAt(provider?.config, "expressions", "region");
  const value = provider && regionConstant(configuration, provider.module, expression);
  if (typeof value === "string" && !hasPlaceholder(value)) return value;
  if (preset !== undefined && provider?.alias !== true) return preset;
  if (provider === undefined)
    return unknownBecause("the plan does not contain the provider configuration", "region");
  if (expression === undefined)
    return unknownBecause(
      "not set in the provider configuration",
      `provider.${providerName(provider)}.region`,
    );
  const unknownPart = typeof value === "string" ? value : referencesOf(expression).find(hasPlaceholder);
  if (unknownPart !== undefined) return evaluatedString(plan, unknownPart);
  return unknownBecause(
    "the plan does not contain the Region of the provider",
    referencesOf(expression)[0] ?? "region",
  );
}

/**
 * Returns the Region in a provider argument: a constant, or a single variable. A plan does not contain the string around a
 * variable (`"${var.area}-1"`), so the value of a variable counts only if it is a Region.
 */
function regionConstant(
  configuration: PlanConfiguration,
  module: AddressStep[],
  expression: Json | undefined,
): Json | undefined {
  const constant = jsonAt(expression, "constant_value");
  if (constant !== undefined) return constant;
  const [reference, ...more] = listAt(expression, "references");
  if (typeof reference !== "string" || more.length > 0) return undefined;
  const value = variableValue(configuration, module, reference);
  return typeof value === "string" && isRegion(value) ? value : undefined;
}

/** Returns the value of a reference to a variable. Follows single references from modules to their callers. */
export function variableValue(
  configuration: PlanConfiguration,
  module: AddressStep[],
  reference: string,
): Json | undefined {
  let [path, current] = [module, reference];
  for (let depth = 0; depth < depthLimit; depth++) {
    const [first, variable, ...rest] = parseAddress(current);
    if (first?.name !== "var" || variable === undefined || rest.length > 0) return undefined;
    if (path.length === 0) return configuration.rootVariable(variable.name);
    const argument = jsonAt(configuration.call(path), "expressions", variable.name);
    if (argument === undefined) return configuration.variableDefault(path, variable.name);
    const constant = jsonAt(argument, "constant_value");
    if (constant !== undefined) return constant;
    const [next, ...more] = listAt(argument, "references");
    if (typeof next !== "string" || more.length > 0) return undefined;
    [path, current] = [path.slice(0, -1), next];
  }
  return undefined;
}

/** Returns the default tags of the provider; null if they are unknown. */
export function defaultTags({ configuration }: Plan, resource: PlanResource): JsonObject | null {
  const provider = providerConfigOf(configuration, resource.config);
  if (provider === undefined) return null;
  // Without a provider block, the defaults apply. A provider with an alias comes from a caller that is not available.
  if (provider.config === undefined) return provider.alias ? null : {};
  const blocks = jsonAt(provider.config, "expressions", "default_tags");
  if (blocks === undefined) return {};
  const tags = jsonAt(Array.isArray(blocks) ? blocks[0] : blocks, "tags");
  const constant = jsonAt(tags, "constant_value");
  // If one tag key is unknown, so is the set of tags.
  return isObject(constant) && !Object.keys(constant).some(hasPlaceholder) ? constant : null;
}

/** Returns a string of evaluated source; unknown if it contains placeholders. */
export function evaluatedString(plan: Plan, text: string): Value<string> {
  const unknown = plan.unknowns && firstUnknown(text, plan.unknowns);
  if (unknown === undefined) return text;
  return unknownBecause(unknown.reason, isPlaceholder(text) ? unknown.expression : plan.display(text));
}
