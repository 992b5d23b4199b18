import { isMap, type JsonMap } from "../../model/json.ts";
import { escapePointer, type Hole } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { makerOf } from "./kinds.ts";
import { type Patch, patchesOf } from "./patches.ts";

/** One object of Kubernetes in a value, and what is known of how it comes to be. */
export interface Found {
  raw: JsonMap;
  pointer: string;
  /** What it is a part of: a composition's objects know only each other. */
  within?: string;
  /** The name that it has there. */
  part?: string;
  patches: Patch[];
  /** All of its fields may be others. */
  open?: Hole;
  /** What a request to the cluster does to it. */
  request?: Request;
}

export interface Request {
  action: "create" | "update" | "delete";
  /** The object as it is now, where it is another one than what is read. */
  before?: { raw: JsonMap; pointer: string };
}

/** How deep lists may stand in lists. */
const MAX_DEPTH = 4;

/**
 * The objects in a value: the object itself, those of a list, what is to be admitted, and what a Composition of
 * Crossplane or a ResourceGraphDefinition of kro makes.
 */
export function objectsIn(value: Json, pointer = "", depth = 0): Found[] {
  if (!isMap(value) || depth > MAX_DEPTH) return [];
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return [];
  if (Array.isArray(value.items) && kind.endsWith("List"))
    return value.items.flatMap((item, i) => objectsIn(item, `${pointer}/items/${i}`, depth + 1));
  if (kind === "AdmissionReview" && isMap(value.request))
    return requested(value.request, `${pointer}/request`, depth + 1);
  if (kind === "Composition" && apiVersion.startsWith("apiextensions.crossplane.io/"))
    return composedBy(value, pointer);
  if (kind === "ResourceGraphDefinition" && apiVersion.startsWith("kro.run/"))
    return templates(value, pointer, at(value, "spec", "resources"), `${pointer}/spec/resources`, "template");
  return [{ raw: value, pointer, patches: [] }];
}

const actions = new Map<unknown, Request["action"]>([
  ["CREATE", "create"],
  ["UPDATE", "update"],
  ["DELETE", "delete"],
]);

/**
 * The objects of an AdmissionReview's request: those that are to be admitted, or the one that is to be deleted. What
 * does not say its operation is read as objects are that are there.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request
 */
function requested(
  { operation, object = null, oldObject = null }: JsonMap,
  pointer: string,
  depth: number,
): Found[] {
  if (operation === "CONNECT") return [];
  const action = actions.get(operation);
  const isDeleted = action === "delete";
  const place = `${pointer}/${isDeleted ? "oldObject" : "object"}`;
  const found = objectsIn(isDeleted ? oldObject : object, place, depth);
  if (action === undefined) return found;
  const isChanged = action === "update" && isMap(oldObject);
  const before = isChanged ? { before: { raw: oldObject, pointer: `${pointer}/oldObject` } } : {};
  // What an object makes others of, such as a Composition, does nothing to those that are there.
  const isItself = (one: Found): boolean => one.pointer === place;
  return isDeleted
    ? found.filter(isItself).map((one) => ({ ...one, request: { action } }))
    : found.map((one) => (isItself(one) ? { ...one, request: { action, ...before } } : one));
}

/** Whether a value holds objects of KMS. */
export const holdsKeys = (value: Json): boolean =>
  objectsIn(value).some(({ raw }) => makerOf(raw.apiVersion, raw.kind) !== undefined);

/** The resources of a composition: its own, or those that a function of its pipeline patches and transforms. */
function composedBy(value: JsonMap, pointer: string): Found[] {
  const spec = isMap(value.spec) ? value.spec : {};
  const own = templates(value, pointer, spec.resources, `${pointer}/spec/resources`, "base", spec.patchSets);
  const steps = Array.isArray(spec.pipeline) ? spec.pipeline : [];
  const piped = steps.flatMap((step, i) => {
    const input = at(step, "input");
    const place = `${pointer}/spec/pipeline/${i}/input/resources`;
    return templates(value, pointer, at(input, "resources"), place, "base", at(input, "patchSets"));
  });
  return [...own, ...piped];
}

function templates(
  value: JsonMap,
  pointer: string,
  list: Json | undefined,
  listPointer: string,
  key: "base" | "template",
  patchSets?: Json,
): Found[] {
  if (!Array.isArray(list)) return [];
  const name = at(value, "metadata", "name");
  const within = `${value.kind}/${typeof name === "string" ? name : pointer}`;
  return list.flatMap((item, i): Found[] => {
    const base = at(item, key);
    if (!isMap(base)) return [];
    const part = at(item, "name") ?? at(item, "id");
    return [
      {
        raw: base,
        pointer: `${listPointer}/${i}/${escapePointer(key)}`,
        within,
        patches: patchesOf(at(item, "patches"), patchSets),
        ...(typeof part === "string" ? { part } : {}),
      },
    ];
  });
}

export function at(value: Json | undefined, ...path: string[]): Json | undefined {
  let current = value;
  for (const step of path)
    current = isMap(current) && Object.hasOwn(current, step) ? current[step] : undefined;
  return current;
}
