import type { Value } from "../../model/document.ts";
import { isRegion } from "../../model/region.ts";
import type { Json } from "../../model/source.ts";
import { type Configuration, referencesOf } from "./configuration.ts";
import { at, isObject, type JsonObject, listAt, stringAt } from "./json.ts";
import { firstIn, hasNumbered, isNumbered } from "./numbered.ts";
import type { Plan, Resource } from "./plan.ts";
import { modulesOf, type Step, stepsOf } from "./traversal.ts";
import { unknown } from "./values.ts";

interface Provider {
  /** `aws`, `aws.west`, `module.a:aws`. */
  key: string;
  module: Step[];
  alias: boolean;
  written: JsonObject | undefined;
}

/**
 * The provider configuration that a resource uses. A module that is only handed the default provider has an entry
 * without expressions, `module.a.module.b:aws`, or none: the nearest one above it holds.
 */
function providerOf(configuration: Configuration, resource: JsonObject | undefined): Provider | undefined {
  const key = stringAt(resource, "provider_config_key");
  if (key === undefined) return undefined;
  const [, prefix = "", name = key] = /^(.*):([^:"\]]*)$/.exec(key) ?? [];
  for (let module = modulesOf(prefix); ; module = module.slice(0, -1)) {
    const here = module.map((step) => `module.${step.name}`).join(".");
    const entry = configuration.provider(here === "" ? name : `${here}:${name}`);
    if (isObject(at(entry, "expressions")) || module.length === 0)
      return { key: `${here}:${name}`, module, alias: name.includes("."), written: entry };
  }
}

const credentials = [
  "access_key",
  "assume_role",
  "assume_role_with_web_identity",
  "profile",
  "secret_key",
  "shared_config_files",
  "shared_credentials_files",
  "token",
];

/** Whether nothing shows that the two use different accounts: another Region alone does not. */
export function sameAccount(
  configuration: Configuration,
  one: JsonObject | undefined,
  other: JsonObject | undefined,
): boolean {
  const [a, b] = [providerOf(configuration, one), providerOf(configuration, other)];
  if (a === undefined || b === undefined) return false;
  if (a.key === b.key) return true;
  const base = (name: string) => name.replace(/^.*:/, "").replace(/\..*$/, "");
  if (base(a.key) !== base(b.key) || a.written === undefined || b.written === undefined) return false;
  return credentials.every((name) => {
    const [left, right] = [at(a.written, "expressions", name), at(b.written, "expressions", name)];
    return JSON.stringify(left ?? null) === JSON.stringify(right ?? null);
  });
}

/**
 * The scope of a resource: the file, as far as one account owns it. Resources whose providers show other credentials
 * belong to other owners, so they are scopes of their own.
 */
export function scopeOf({ configuration, scopes, parsed }: Plan, resource: Resource): string {
  const { path } = parsed.source;
  const provider = providerOf(configuration, resource.written);
  const shown = JSON.stringify(credentials.map((name) => at(provider?.written, "expressions", name) ?? null));
  const scope = scopes.get(shown) ?? (scopes.size === 0 ? path : `${path}#${keyText(provider)}`);
  scopes.set(shown, scope);
  return scope;
}

const keyText = (provider: Provider | undefined): string => (provider?.key ?? "").replace(/^:/, "");

/** The Region of a resource: its own argument, its ARN, or its provider's. */
export function regionOf(plan: Plan, resource: Resource, preset: string | undefined): Value<string> {
  const { configuration } = plan;
  const own = at(resource.values, "region");
  if (typeof own === "string" && own !== "") return textIn(plan, own);
  const fromArn = stringAt(resource.values, "arn")?.split(":")[3];
  if (fromArn !== undefined && fromArn !== "") return fromArn;
  const written = at(resource.written, "expressions", "region");
  if (written !== undefined && at(written, "constant_value") !== null)
    return unknown("known only after apply", referencesOf(written)[0] ?? "region");
  const provider = providerOf(configuration, resource.written);
  const expression = at(provider?.written, "expressions", "region");
  const value = provider && constantOf(configuration, provider.module, expression);
  if (typeof value === "string" && !hasNumbered(value)) return value;
  if (preset !== undefined && provider?.alias !== true) return preset;
  if (provider === undefined) return unknown("the plan has no configuration of the provider", "region");
  if (expression === undefined)
    return unknown("the provider's configuration sets no Region", keyText(provider));
  const open = typeof value === "string" ? value : referencesOf(expression).find(hasNumbered);
  if (open !== undefined) return textIn(plan, open);
  return unknown(
    "the plan does not show the Region of the provider",
    referencesOf(expression)[0] ?? "region",
  );
}

/**
 * The value of a provider's argument: a constant, or a variable alone. A plan does not show what is around a
 * variable (`"${var.area}-1"`), so the value counts only if it is a Region by itself.
 */
function constantOf(
  configuration: Configuration,
  module: Step[],
  expression: Json | undefined,
): Json | undefined {
  let [here, current] = [module, expression];
  for (let depth = 0; depth < 40; depth++) {
    const constant = at(current, "constant_value");
    if (constant !== undefined) return constant;
    const [reference, ...more] = listAt(current, "references");
    if (typeof reference !== "string" || more.length > 0) return undefined;
    const steps = stepsOf(reference);
    const variable = steps[1];
    if (steps.length !== 2 || steps[0]?.name !== "var" || variable === undefined) return undefined;
    let value: Json | undefined;
    if (here.length === 0) value = configuration.rootVariable(variable.name);
    else {
      const passed = at(configuration.call(here), "expressions", variable.name);
      if (passed !== undefined) {
        [here, current] = [here.slice(0, -1), passed];
        continue;
      }
      value = configuration.variableDefault(here, variable.name);
    }
    return typeof value === "string" && isRegion(value) ? value : undefined;
  }
  return undefined;
}

/**
 * The tags that the provider adds to each resource: `{}` where it adds none, null where the plan does not show them.
 */
export function defaultTags({ configuration }: Plan, resource: Resource): JsonObject | null {
  const provider = providerOf(configuration, resource.written);
  if (provider === undefined) return null;
  // Without a block it is the provider as it is by itself; one with an alias is handed in from out of sight.
  if (provider.written === undefined) return provider.alias ? null : {};
  const blocks = at(provider.written, "expressions", "default_tags");
  if (blocks === undefined) return {};
  const tags = at(Array.isArray(blocks) ? blocks[0] : blocks, "tags");
  const constant = at(tags, "constant_value");
  // An unknown name leaves open which tags there are.
  return isObject(constant) && !Object.keys(constant).some(hasNumbered) ? constant : null;
}

/** A text of evaluated source: unknown where it has a hole. */
export function textIn(plan: Plan, text: string): Value<string> {
  const hole = plan.holes && firstIn(text, plan.holes);
  if (hole === undefined) return text;
  return unknown(hole.reason, isNumbered(text) ? hole.expression : plan.shown(text));
}
