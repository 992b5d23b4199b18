import type { Account, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import type { JsonMap } from "../../model/json.ts";
import { stringOf } from "../cloudformation/fields.ts";
import { placeholderParts } from "../key-policy/placeholder.ts";
import type { Catalog, Manifest } from "./catalog.ts";
import { type ManifestFields, unknownValue } from "./fields.ts";
import { keyKindOf } from "./kinds.ts";
import { valueAtPath } from "./objects.ts";
import { statusArn } from "./references.ts";

/** Returns the Region of an object: from the object, from its namespace, or from the options. */
export function manifestRegion(
  catalog: Catalog,
  manifest: Manifest,
  fields: ManifestFields,
  { region }: TargetOptions,
): Value<string> {
  const arn = statusArn(manifest.raw);
  if (arn !== undefined) return arn.split(":")[3] as string;
  const { controller, kind } = manifest;
  const regionField = keyKindOf(controller, kind)?.region ?? "region";
  const node =
    (controller !== "ack" || regionField !== "region" ? fields.node(regionField) : undefined) ??
    (controller === "ack"
      ? (fields.annotation("services.k8s.aws/region") ?? fields.annotation("services.k8s.aws/default-region"))
      : undefined);
  if (node !== undefined) {
    fields.locate("region", node.at);
    return stringOf(node);
  }
  const fromNamespace = namespaceAnnotation(catalog, manifest, "services.k8s.aws/default-region");
  return (
    fromNamespace ??
    knownString(valueAtPath(manifest.raw, "status", "ackResourceMetadata", "region")) ??
    region ??
    unknownValue("the object does not specify a Region")
  );
}

/** Returns the account in which ACK creates the resource. */
export function manifestOwner(catalog: Catalog, manifest: Manifest, { account }: TargetOptions): Account {
  if (account !== undefined) return account;
  const owner =
    knownString(valueAtPath(manifest.raw, "status", "ackResourceMetadata", "ownerAccountID")) ??
    namespaceAnnotation(catalog, manifest, "services.k8s.aws/owner-account-id");
  return owner !== undefined && /^\d{12}$/.test(owner) ? owner : unknownValue("the account is not specified");
}

/** Returns an annotation of the object's namespace, which applies to all ACK objects in it. */
export function namespaceAnnotation(
  { otherObjects }: Catalog,
  { controller, namespace, parsed }: Manifest,
  name: string,
): string | undefined {
  if (controller !== "ack" || namespace === "") return undefined;
  const found = otherObjects.find(
    ({ raw, path }) =>
      path === parsed.source.path &&
      raw.kind === "Namespace" &&
      valueAtPath(raw, "metadata", "name") === namespace,
  );
  return found && knownString(valueAtPath(found.raw, "metadata", "annotations", name));
}

const knownString = (value: JsonMap[string] | undefined): string | undefined =>
  value === undefined ||
  value === null ||
  typeof value === "object" ||
  placeholderParts(String(value)).some((part) => typeof part !== "string")
    ? undefined
    : String(value);
