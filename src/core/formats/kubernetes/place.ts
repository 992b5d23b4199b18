import type { Account, Value } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import type { JsonMap } from "../../model/json.ts";
import { stringOf } from "../cloudformation/fields.ts";
import { partsOf } from "../key-policy/placeholder.ts";
import type { Catalogue, Manifest } from "./catalogue.ts";
import { type Fields, unknown } from "./fields.ts";
import { keyKindOf } from "./kinds.ts";
import { at } from "./objects.ts";
import { arnOf } from "./references.ts";

/** The Region of an object: its own, its namespace's, the one that is deployed to. */
export function regionOf(
  catalogue: Catalogue,
  manifest: Manifest,
  fields: Fields,
  { region }: TargetOptions,
): Value<string> {
  const arn = arnOf(manifest.raw);
  if (arn !== undefined) return arn.split(":")[3] as string;
  const { maker, kind } = manifest;
  const own = keyKindOf(maker, kind)?.region ?? "region";
  const node =
    (maker !== "ack" || own !== "region" ? fields.node(own) : undefined) ??
    (maker === "ack"
      ? (fields.annotation("services.k8s.aws/region") ?? fields.annotation("services.k8s.aws/default-region"))
      : undefined);
  if (node !== undefined) {
    fields.locate("region", node.at);
    return stringOf(node);
  }
  const spaces = ofNamespace(catalogue, manifest, "services.k8s.aws/default-region");
  return (
    spaces ??
    text(at(manifest.raw, "status", "ackResourceMetadata", "region")) ??
    region ??
    unknown("the object does not tell the Region")
  );
}

/** The account that ACK makes an object in. */
export function ownerOf(catalogue: Catalogue, manifest: Manifest, { account }: TargetOptions): Account {
  if (account !== undefined) return account;
  const told =
    text(at(manifest.raw, "status", "ackResourceMetadata", "ownerAccountID")) ??
    ofNamespace(catalogue, manifest, "services.k8s.aws/owner-account-id");
  return told !== undefined && /^\d{12}$/.test(told) ? told : unknown("undecided");
}

/** What the object's namespace says for all objects of ACK in it. */
export function ofNamespace(
  { others }: Catalogue,
  { maker, namespace, parsed }: Manifest,
  name: string,
): string | undefined {
  if (maker !== "ack" || namespace === "") return undefined;
  const found = others.find(
    ({ raw, path }) =>
      path === parsed.source.path && raw.kind === "Namespace" && at(raw, "metadata", "name") === namespace,
  );
  return found && text(at(found.raw, "metadata", "annotations", name));
}

const text = (value: JsonMap[string] | undefined): string | undefined =>
  value === undefined ||
  value === null ||
  typeof value === "object" ||
  partsOf(String(value)).some((part) => typeof part !== "string")
    ? undefined
    : String(value);
