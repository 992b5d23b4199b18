import { addToGroup } from "../../model/groups.ts";
import type { Json } from "../../model/source.ts";
import { modulePath } from "./address.ts";
import { isObject, type JsonObject, jsonAt, listAt, stringAt } from "./json.ts";
import type { Plan, PlanResource } from "./plan.ts";
import { eachPlannedResource } from "./plan-lookup.ts";
import { type ProviderConfig, providerConfigOf, providerName, variableValue } from "./provider.ts";

/** The arguments that determine the identity of a provider. */
const credentialArguments = [
  "access_key",
  "assume_role",
  "assume_role_with_web_identity",
  "profile",
  "secret_key",
  "shared_config_files",
  "shared_credentials_files",
  "token",
];

const credentialsOf = (provider: ProviderConfig | undefined): string =>
  JSON.stringify(credentialArguments.map((name) => jsonAt(provider?.config, "expressions", name) ?? null));

/** Returns the name of the provider configuration of a resource. */
export const providerNameOf = (plan: Plan, resource: JsonObject | undefined): string =>
  providerName(providerConfigOf(plan.configuration, resource));

/** Returns the account in which the provider of a resource works, or undefined if the input does not show it. */
export function providerAccount(plan: Plan, resource: JsonObject | undefined): string | undefined {
  const provider = providerConfigOf(plan.configuration, resource);
  return provider === undefined ? undefined : accountOf(plan, provider);
}

/**
 * Returns how the account of one resource relates to that of another: `same`, `other`, or `unknown` if their providers have
 * different credentials whose accounts the input does not show. Providers without a configuration in the input come from
 * a caller, and their accounts count as the same.
 */
export function accountRelation(
  plan: Plan,
  first: JsonObject | undefined,
  second: JsonObject | undefined,
): "same" | "other" | "unknown" {
  const [a, b] = [first, second].map((resource) => providerConfigOf(plan.configuration, resource));
  if (a === undefined || b === undefined) return "unknown";
  if (a.key === b.key) return "same";
  const [left, right] = [accountOf(plan, a), accountOf(plan, b)];
  if (left !== undefined && right !== undefined) return left === right ? "same" : "other";
  const isPassedByCaller = ({ alias, config }: ProviderConfig) => alias && config === undefined;
  if (isPassedByCaller(a) || isPassedByCaller(b)) return "same";
  return credentialsOf(a) === credentialsOf(b) ? "same" : "unknown";
}

/**
 * Returns the scope of a resource, which contains the resources of one account in a file. Providers with different
 * credentials have different scopes, unless they work in the same account.
 */
export function providerScope(plan: Plan, resource: PlanResource): string {
  const { configuration, scopes, parsed } = plan;
  const { path } = parsed.source;
  const provider = providerConfigOf(configuration, resource.config);
  const identity = accountOf(plan, provider) ?? credentialsOf(provider);
  const scope = scopes.get(identity) ?? (scopes.size === 0 ? path : `${path}#${providerName(provider)}`);
  scopes.set(identity, scope);
  return scope;
}

function accountOf(plan: Plan, provider: ProviderConfig | undefined): string | undefined {
  const stated = provider && statedAccount(plan, provider);
  if (stated !== undefined) return stated;
  const [account, another] = accountsByCredentials(plan).get(credentialsOf(provider)) ?? [];
  return another === undefined ? account : undefined;
}

/**
 * Returns the account that the arguments of a provider name. The role of the last `assume_role` block is in effect. It is
 * assumed with the credentials of the web identity, if there is one.
 */
function statedAccount(plan: Plan, provider: ProviderConfig): string | undefined {
  const argument = (name: string) => jsonAt(provider.config, "expressions", name);
  const role = roleOf(argument("assume_role")) ?? roleOf(argument("assume_role_with_web_identity"));
  return accountIn(plan, provider, role) ?? accountIn(plan, provider, argument("allowed_account_ids"));
}

/** Returns the role of the last block that sets one, as an expression. The provider awscc has objects in place of blocks. */
function roleOf(blocks: Json | undefined): Json | undefined {
  const roles = (Array.isArray(blocks) ? blocks : [blocks]).flatMap((block) => {
    const constant = jsonAt(block, "constant_value", "role_arn");
    const role = constant === undefined ? jsonAt(block, "role_arn") : { constant_value: constant };
    return role === undefined || jsonAt(role, "constant_value") === null ? [] : [role];
  });
  return roles.at(-1);
}

/** Returns the only account in an expression for an ARN or for account IDs. Other values in it make it ambiguous. */
function accountIn(plan: Plan, provider: ProviderConfig, expression: Json | undefined): string | undefined {
  const constant = jsonAt(expression, "constant_value");
  const values =
    constant === undefined
      ? listAt(expression, "references").map((reference) => referredValue(plan, provider, reference))
      : Array.isArray(constant)
        ? constant
        : [constant];
  const found = values.flat().map((value) => accountOfIdentifier(value));
  const accounts = new Set(found.filter((account) => account !== undefined));
  const [account, another] = accounts;
  return another === undefined && values.every((value) => value !== undefined) ? account : undefined;
}

/** In evaluated source, a reference is the value itself, with placeholders for its unknown parts. */
const referredValue = (plan: Plan, provider: ProviderConfig, reference: Json): Json | undefined =>
  plan.unknowns !== undefined || typeof reference !== "string"
    ? reference
    : variableValue(plan.configuration, provider.module, reference);

function accountOfIdentifier(value: Json | undefined): string | undefined {
  const [, id] = /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?$/s.exec(String(value)) ?? [];
  return id;
}

const cache = new WeakMap<Plan, Map<string, string[]>>();

/**
 * Returns the accounts of providers with the same credentials: those that their arguments name, and those of the caller
 * identities, IAM resources and keys in the state.
 */
function accountsByCredentials(plan: Plan): Map<string, string[]> {
  const known = cache.get(plan);
  if (known !== undefined) return known;
  const accounts = new Map<string, string[]>();
  cache.set(plan, accounts);
  const add = (provider: ProviderConfig | undefined, account: string | undefined) => {
    if (provider === undefined || account === undefined) return;
    const credentials = credentialsOf(provider);
    if (accounts.get(credentials)?.includes(account) !== true) addToGroup(accounts, credentials, account);
  };
  const { configuration } = plan;
  for (const key of configuration.providerKeys()) {
    const provider = providerConfigOf(configuration, { provider_config_key: key });
    add(provider, provider && statedAccount(plan, provider));
  }
  eachPlannedResource(plan.parsed.value, (resource, values) => {
    const account = accountShownBy(resource, values);
    if (account === undefined) return;
    const module = modulePath(stringAt(resource, "module_address") ?? stringAt(resource, "address") ?? "");
    const data = stringAt(resource, "mode") === "data" ? "data." : "";
    const address = `${data}${stringAt(resource, "type")}.${stringAt(resource, "name")}`;
    add(providerConfigOf(configuration, configuration.resource(module, address)), account);
  });
  return accounts;
}

function accountShownBy(resource: Json, values: Json | undefined): string | undefined {
  if (!isObject(values)) return undefined;
  if (stringAt(resource, "mode") === "data")
    return stringAt(resource, "type") === "aws_caller_identity"
      ? accountOfIdentifier(values.account_id)
      : undefined;
  return /^arn:[^:]*:(?:iam|kms):[^:]*:(\d{12}):/.exec(stringAt(values, "arn") ?? "")?.[1];
}
