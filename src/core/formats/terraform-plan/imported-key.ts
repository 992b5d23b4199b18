import { type JsonObject, jsonAt, stringAt } from "./json.ts";
import type { PlanResource } from "./plan.ts";

/** The names of an existing key that the input contains. */
export interface KeyName {
  arn?: string;
  keyId?: string;
}

/**
 * Returns the names of a key: the ARN in its values, or what an import block says. The import ID of a key is its key ID,
 * with a suffix such as `@eu-west-1` if the key is in another Region than the provider.
 */
export function keyNameOf({ values, importing }: PlanResource): KeyName {
  const arn = stringAt(values, "arn");
  if (arn !== undefined) return { arn };
  const name = importedId(importing)?.split("@")[0] ?? "";
  // A name with an unknown part contains other characters.
  if (!/^[\w:/-]+$/.test(name)) return {};
  return name.startsWith("arn:") ? { arn: name } : { keyId: name };
}

const importedId = (importing: JsonObject | undefined): string | undefined =>
  stringAt(importing, "id") ??
  stringAt(jsonAt(importing, "identity"), "arn") ??
  stringAt(jsonAt(importing, "identity"), "id");
