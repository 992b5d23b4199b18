/** Draws the keys that a caller chooses: tags, and those of the action. */
import type { Draw } from "./draw.ts";
import { actionKeys, grantOperations } from "./kms.ts";
import type { Random } from "./random.ts";

export function addTags(
  { mentions, random, mentioned, account }: Draw,
  values: Map<string, readonly string[]>,
): void {
  for (const key of mentions.tags) {
    const value = random.pick([
      undefined,
      mentioned(key, account),
      mentioned(key, account),
      account,
      "orders",
    ]);
    if (value !== undefined) values.set(key, [value]);
  }
  const unit = values.get("aws:principaltag/unit");
  if (unit !== undefined && random.chance(0.7)) values.set("aws:principaltag/team", unit);
  const organization = values.get("aws:principalorgid");
  if (organization !== undefined && random.chance(0.5)) values.set("aws:principaltag/org", organization);
}

/** Adds keys that describe the request. The caller chooses their values. */
export function addActionKeys(
  { role, action, random, mentioned, account }: Draw,
  values: Map<string, readonly string[]>,
): void {
  const carried = actionKeys[action] ?? [];
  const tenant = random.pick([
    undefined,
    mentioned("kms:encryptioncontext:tenant", account),
    account,
    random.pick(["green", "*"]),
  ]);
  // A literal account in the encryption context names whom the service acts for.
  if (
    carried.includes("kms:encryptioncontext:*") &&
    tenant !== undefined &&
    !(role === "service" && /\d{12}/.test(tenant) && tenant !== account)
  ) {
    values.set("kms:encryptioncontext:tenant", [tenant]);
    values.set("kms:encryptioncontextkeys", ["tenant"]);
  }
  if (carried.includes("kms:encryptioncontext:*") && random.chance(0.3)) {
    values.set("kms:encryptioncontext:purpose", ["archive"]);
    values.set("kms:encryptioncontextkeys", [...(values.get("kms:encryptioncontextkeys") ?? []), "purpose"]);
  }
  for (const key of carried) {
    if (key.startsWith("kms:encryptioncontext")) continue;
    if (key === "kms:grantoperations")
      values.set(key, random.chance(0.5) ? grantOperations : [mentioned(key, account) ?? "Decrypt"]);
    else if (key === "kms:grantisforawsresource" || key === "kms:reencryptonsamekey")
      values.set(key, [random.pick(["false", "true"])]);
    else if (key === "kms:bypasspolicylockoutsafetycheck") {
      const bypass = random.pick([undefined, "false", "true"]);
      if (bypass !== undefined) values.set(key, [bypass]);
    } else if (key === "kms:granteeprincipal")
      values.set(key, [
        random.pick([
          `arn:aws:iam::${account}:role/visitor`,
          mentioned(key, account) ?? `arn:aws:iam::${account}:role/app`,
        ]),
      ]);
    else if (key === "kms:encryptionalgorithm")
      values.set(key, [random.pick(["SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_256"])]);
    else if (key === "kms:schedulekeydeletionpendingwindowindays")
      values.set(key, [drawNumber(mentioned(key, account), random)]);
    else {
      const value = random.pick([undefined, mentioned(key, account), mentioned(key, account)]);
      if (value !== undefined) values.set(key, [value]);
      else if (key === "kms:replicaregion") values.set(key, ["eu-west-3"]);
      else if (key === "kms:requestalias" && random.chance(0.3)) values.set(key, ["alias/other"]);
    }
  }
}

export const drawNumber = (near: string | undefined, random: Random): string =>
  String(Math.max(0, Number(near ?? 14) + random.integer(3) - 1));
