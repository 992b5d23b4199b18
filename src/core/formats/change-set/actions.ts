import type { Change, KeyProperties } from "../../model/document.ts";
import type { ResourceChange } from "./changes.ts";

const immutableFields = ["spec", "usage", "origin", "multiRegion", "deletionWindowDays"] as const;
export type ImmutableField = (typeof immutableFields)[number];

/** Returns the properties that rules compare before and after a change. */
export const immutableProperties = (properties: KeyProperties = {}): NonNullable<Change["before"]> =>
  Object.fromEntries(
    immutableFields.flatMap((field) => (properties[field] === undefined ? [] : [[field, properties[field]]])),
  );

export const keyKind = (type: string): "key" | "replica" | undefined =>
  type === "AWS::KMS::Key" ? "key" : type === "AWS::KMS::ReplicaKey" ? "replica" : undefined;

/** Returns the change of an entity. `before`: the properties before the change, if known. */
export function changeOf(change: ResourceChange, before: Change["before"] | undefined): Change {
  const actions = actionsOf(change);
  if (change.action === "Add") return { actions };
  return { actions, partialInput: true, ...(before && actions.length > 0 ? { before } : {}) };
}

/** Returns the actions of a change; empty if CloudFormation cannot determine the action (Dynamic). */
function actionsOf({ action, replacement, policyAction }: ResourceChange): Change["actions"] {
  if (action === "Add") return ["create"];
  if (action === "Remove") return ["delete"];
  if (action === "Import" || action === "SyncWithActual") return ["no-op"];
  if (action !== "Modify") return [];
  if (replacement !== "True") return ["update"];
  return policyAction === "ReplaceAndRetain" ? ["create", "forget"] : ["delete", "create"];
}

/** Returns whether the key is scheduled for deletion rather than retained outside the stack. */
export function isDeleted({ action, policyAction, before }: ResourceChange): boolean {
  if (action !== "Remove") return false;
  if (policyAction !== undefined) return !/Retain/.test(policyAction);
  return !/^Retain/.test(String(before?.raw.DeletionPolicy ?? ""));
}
