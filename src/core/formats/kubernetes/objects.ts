import { isMap, type JsonMap } from "../../model/json.ts";
import { escapePointer, type UnknownPart } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { controllerOf } from "./kinds.ts";
import { type Patch, patchesOf } from "./patches.ts";

/** A Kubernetes object in a parsed value, and how it is created. */
export interface KubernetesObject {
  raw: JsonMap;
  pointer: string;
  /** The composition that contains it. Objects of a composition can only refer to each other. */
  composition?: string;
  /** Its name in the composition. */
  resourceName?: string;
  patches: Patch[];
  /** Set if all fields of the object are unknown. */
  unknownFields?: UnknownPart;
  /** The admission request for the object. */
  request?: AdmissionChange;
}

export interface AdmissionChange {
  action: "create" | "update" | "delete";
  /** The object before the update, if it differs from the object that is read. */
  before?: { raw: JsonMap; pointer: string };
}

/**
 * Returns the objects in a value: the object itself, the items of a list, the object of an AdmissionReview, and the
 * resources of a Crossplane Composition or kro ResourceGraphDefinition.
 */
export function objectsIn(value: Json, pointer = ""): KubernetesObject[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => objectsIn(item, `${pointer}/${i}`));
  if (!isMap(value)) return [];
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string") return [];
  if (Array.isArray(value.items) && kind.endsWith("List"))
    return value.items.flatMap((item, i) =>
      objectsIn(withKind(item, apiVersion, kind.slice(0, -"List".length)), `${pointer}/items/${i}`),
    );
  if (kind === "AdmissionReview" && isMap(value.request))
    return admissionObjects(value.request, `${pointer}/request`);
  if (kind === "Composition" && apiVersion.startsWith("apiextensions.crossplane.io/"))
    return compositionResources(value, pointer);
  if (kind === "ResourceGraphDefinition" && apiVersion.startsWith("kro.run/"))
    return templatedResources(
      value,
      pointer,
      valueAtPath(value, "spec", "resources"),
      `${pointer}/spec/resources`,
      "template",
    );
  return [{ raw: value, pointer, patches: [] }];
}

/**
 * Returns an item of a list with its apiVersion and kind. The API server leaves them out in a list of one kind.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#collections
 */
function withKind(item: Json, apiVersion: string, kind: string): Json {
  if (!isMap(item) || kind === "" || (item.apiVersion && item.kind)) return item;
  return { ...item, apiVersion: item.apiVersion || apiVersion, kind: item.kind || kind };
}

const actions = new Map<unknown, AdmissionChange["action"]>([
  ["CREATE", "create"],
  ["UPDATE", "update"],
  ["DELETE", "delete"],
]);

/**
 * Returns the objects of an admission request: those to be admitted, or the one to be deleted. Without an operation, they
 * are read like existing objects.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request
 */
function admissionObjects(
  { operation, object = null, oldObject = null }: JsonMap,
  pointer: string,
): KubernetesObject[] {
  if (operation === "CONNECT") return [];
  const action = actions.get(operation);
  const isDeleted = action === "delete";
  const objectPointer = `${pointer}/${isDeleted ? "oldObject" : "object"}`;
  const found = objectsIn(isDeleted ? oldObject : object, objectPointer);
  if (action === undefined) return found;
  const isChanged = action === "update" && isMap(oldObject);
  const before = isChanged ? { before: { raw: oldObject, pointer: `${pointer}/oldObject` } } : {};
  // A change of an object that defines others, such as a Composition, does not change existing objects.
  const isItself = (candidate: KubernetesObject): boolean => candidate.pointer === objectPointer;
  return isDeleted
    ? found.filter(isItself).map((object) => ({ ...object, request: { action } }))
    : found.map((object) => (isItself(object) ? { ...object, request: { action, ...before } } : object));
}

/** Returns whether a value contains KMS objects. */
export const containsKmsObjects = (value: Json): boolean =>
  objectsIn(value).some(({ raw }) => controllerOf(raw.apiVersion, raw.kind) !== undefined);

/** Returns the resources of a composition: its own, and those of the patch-and-transform functions in its pipeline. */
function compositionResources(value: JsonMap, pointer: string): KubernetesObject[] {
  const spec = isMap(value.spec) ? value.spec : {};
  const direct = templatedResources(
    value,
    pointer,
    spec.resources,
    `${pointer}/spec/resources`,
    "base",
    spec.patchSets,
  );
  const steps = Array.isArray(spec.pipeline) ? spec.pipeline : [];
  const piped = steps.flatMap((step, i) => {
    const input = valueAtPath(step, "input");
    const resourcesPointer = `${pointer}/spec/pipeline/${i}/input/resources`;
    return templatedResources(
      value,
      pointer,
      valueAtPath(input, "resources"),
      resourcesPointer,
      "base",
      valueAtPath(input, "patchSets"),
    );
  });
  return [...direct, ...piped];
}

function templatedResources(
  value: JsonMap,
  pointer: string,
  list: Json | undefined,
  listPointer: string,
  key: "base" | "template",
  patchSets?: Json,
): KubernetesObject[] {
  if (!Array.isArray(list)) return [];
  const name = valueAtPath(value, "metadata", "name");
  const composition = `${value.kind}/${typeof name === "string" ? name : pointer}`;
  return list.flatMap((item, i): KubernetesObject[] => {
    const base = valueAtPath(item, key);
    if (!isMap(base)) return [];
    const resourceName = valueAtPath(item, "name") ?? valueAtPath(item, "id");
    return [
      {
        raw: base,
        pointer: `${listPointer}/${i}/${escapePointer(key)}`,
        composition,
        patches: patchesOf(valueAtPath(item, "patches"), patchSets),
        ...(typeof resourceName === "string" ? { resourceName } : {}),
      },
    ];
  });
}

/** Returns the value at a path of object keys. */
export function valueAtPath(value: Json | undefined, ...path: string[]): Json | undefined {
  let current = value;
  for (const step of path)
    current = isMap(current) && Object.hasOwn(current, step) ? current[step] : undefined;
  return current;
}
