import { normalizePolicy } from "../../key-policy/policy.ts";
import type { Key, KeyProperties, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { fromJson, locationOf, type Node } from "../../model/node.ts";
import { partitionOf } from "../../model/region.ts";
import type { Parsed } from "../../model/source.ts";
import { valueAt } from "../../parse/pointer.ts";
import { parsePlaceholders } from "./unknown-parts.ts";

/** Describes a key whose policy is a value of a parsed file. */
export interface KeyDescription {
  /** The name of the key in reports, unique in the file. */
  resource: string;
  /** The type of the resource in reports. Default: `policy`. */
  type?: string;
  /** The RFC 6901 pointer of the key, for locations. Default: the whole value. */
  pointer?: string;
  /** The pointer of the key policy: an object, or a string that contains JSON. Default: `pointer`. */
  policyPointer?: string;
  /**
   * The key properties in the file. The others have the defaults of AWS KMS. Without `properties`, only the policy of
   * the key is known, and rules about key properties ignore the key.
   */
  properties?: KeyProperties;
}

/**
 * Returns a key that has the policy at a pointer of a parsed file. Without a value at the pointer, the key has the
 * default policy. Placeholders such as `${account}` in the policy are unknown values.
 *
 * @example
 * { ...emptyPart(), keys: [keyWithPolicy(parsed, { resource: "orders", policyPointer: "/policy" }, target)] }
 */
export function keyWithPolicy(parsed: Parsed, description: KeyDescription, target: TargetOptions = {}): Key {
  const { pointer = "", policyPointer = pointer } = description;
  const value = valueAt(parsed.value, policyPointer);
  const node = value === undefined ? undefined : parsePlaceholders(fromJson(parsed, policyPointer, value));
  const key = keyOfPolicy(parsed, node, description, target);
  return description.properties === undefined ? key : withProperties(key, description.properties);
}

const defaultProperties = {
  spec: "SYMMETRIC_DEFAULT",
  origin: "AWS_KMS",
  customKeyStore: false,
  customKeyStoreId: null,
  xksKey: false,
  multiRegion: false,
  rotation: false,
  rotationPeriodDays: null,
  enabled: true,
  deletionWindowDays: null,
  bypassLockoutSafetyCheck: false,
  description: null,
  tags: {},
} satisfies KeyProperties;

function withProperties(key: Key, known: KeyProperties): Key {
  const properties: KeyProperties = { ...defaultProperties, ...known };
  // AWS KMS has a default usage only for symmetric encryption keys.
  if (properties.spec === "SYMMETRIC_DEFAULT") properties.usage ??= "ENCRYPT_DECRYPT";
  const defaults = Object.keys(properties).filter((name) => !(name in known));
  return { ...key, kind: "key", properties, defaults };
}

/** Returns the key of a policy that is already evaluated; undefined is the default policy. */
export function keyOfPolicy(
  parsed: Parsed,
  node: Node | undefined,
  { resource, type = "policy", pointer = "" }: KeyDescription,
  { account, region }: TargetOptions,
): Key {
  const scope = scopeOf(parsed);
  const unknown = (reason: string): Value<string> => ({ unknown: { reason, expression: "" } });
  return {
    id: `${scope}#${resource}`,
    resource,
    type,
    scope,
    location: locationOf({ parsed, pointer }, resource),
    locations: {},
    defaults: [],
    kind: "policy",
    owner: account ?? unknown("the account is not specified"),
    region: region ?? unknown("a key policy does not specify a Region"),
    partition:
      region === undefined ? unknown("a key policy does not specify a partition") : partitionOf(region),
    policy: normalizePolicy(node, { address: resource, standalone: true }),
  };
}

/** Returns the path of the file. Later documents of a YAML stream also have the line on which they start. */
function scopeOf({ source, locate }: Parsed): string {
  const { start } = locate("");
  const marker = source.text.lastIndexOf("\n---", start.offset);
  return marker > 0 && source.text.slice(0, marker).trim() !== ""
    ? `${source.path}:${start.line}`
    : source.path;
}
