import { isDeepStrictEqual } from "node:util";
import { valueAtPath } from "../../../core/formats/kubernetes/objects.ts";
import { isMap, type JsonMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";

/** The request of an AdmissionReview: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request */
export interface Review {
  /** As it came: what the rules judge. */
  text: string;
  value: JsonMap;
  request: JsonMap;
  operation: Operation;
  /** What is to be stored; null on DELETE and CONNECT. */
  object: JsonMap | null;
  /** What is stored; null on CREATE and CONNECT. */
  oldObject: JsonMap | null;
  /** `Kind/name` or `Kind/namespace/name`. */
  resource: string;
  /** Under which a configuration knows the object; of nothing on a disk. */
  path: string;
}

const operations = ["CREATE", "UPDATE", "DELETE", "CONNECT"] as const;
type Operation = (typeof operations)[number];

/** The review in a text, or one sentence on why there is none. */
export function reviewIn(text: string): Review | string {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return "The review is no JSON.";
  }
  return reviewOf(value, text);
}

export function reviewOf(value: Json, text: string): Review | string {
  const request = isMap(value) ? value.request : undefined;
  if (!isMap(value) || !isMap(request)) return "The review has no request.";
  const { object = null, oldObject = null } = request;
  const operation = operations.find((one) => one === request.operation);
  if (operation === undefined) return "The review names no operation: CREATE, UPDATE, DELETE or CONNECT.";
  const [concerned, field] = operation === "DELETE" ? [oldObject, "oldObject"] : [object, "object"];
  if (operation !== "CONNECT" && !isMap(concerned))
    return `The review of a ${operation} has no request.${field}.`;
  const names = namesOf(request, isMap(concerned) ? concerned : {});
  return {
    text,
    value,
    request,
    operation,
    object: isMap(object) ? object : null,
    oldObject: isMap(oldObject) ? oldObject : null,
    resource: [names.kind, names.namespace, names.name].filter(Boolean).join("/"),
    path: pathOf(names),
  };
}

interface Names {
  kind: string;
  /** Empty where the object is the cluster's. */
  namespace: string;
  name: string;
}

/** Where the API server makes up the name, it is what the name begins with. */
export function namesOf(request: JsonMap, object: JsonMap): Names {
  const first = (...values: (Json | undefined)[]) =>
    values.find((one): one is string => typeof one === "string" && one !== "") ?? "";
  return {
    kind: first(object.kind, valueAtPath(request, "kind", "kind")) || "(unknown)",
    namespace: first(request.namespace, valueAtPath(object, "metadata", "namespace")),
    name:
      first(
        request.name,
        valueAtPath(object, "metadata", "name"),
        valueAtPath(object, "metadata", "generateName"),
      ) || "(unnamed)",
  };
}

/** `<namespace>/<Kind>/<name>.json`, or `<Kind>/<name>.json`. Made of what the sender writes: no step leads up. */
export const pathOf = ({ namespace, kind, name }: Names): string =>
  `${[namespace, kind, name].filter(Boolean).map(step).join("/")}.json`;

const step = (text: string): string =>
  text
    .slice(0, 253)
    .replace(/[^\w.-]/g, "_")
    .replace(/^\.+/, "_");

/** Why an object cannot become worse by a request, so that nothing is judged; absent where it can. */
export function harmless(review: Review): string | undefined {
  const { operation, request, object, oldObject } = review;
  if (operation === "CONNECT") return "a connection changes no object";
  // Of custom resources these are all; the API server takes nothing but the status from the first.
  if (request.subResource === "status" || request.subResource === "scale")
    return "only the status or the scale changes";
  // Controllers delete such an object whatever it says, and the deletion hangs until they can take their finalizers out.
  if (
    operation !== "CREATE" &&
    oldObject !== null &&
    isGiven(valueAtPath(oldObject, "metadata", "deletionTimestamp"))
  )
    return "it is being deleted already";
  if (operation === "UPDATE" && oldObject !== null && alike(read(object), read(oldObject)))
    return "nothing changes from which keys are made";
  return undefined;
}

const isGiven = (value: Json | undefined): boolean => typeof value === "string" && value !== "";

/** What the controllers, and the rules, look at: all but the status and what the API server keeps books about. */
const read = (object: JsonMap | null): Json[] => {
  const { metadata = null, status: _, ...rest } = object ?? {};
  return [rest, valueAtPath(metadata, "annotations") ?? null, valueAtPath(metadata, "labels") ?? null];
};

/** What says which key an object stands for, in which account and Region. */
const places = [
  ["metadata", "annotations", "services.k8s.aws/region"],
  ["spec", "providerConfigRef"],
  ["spec", "forProvider", "region"],
];
/** The same; controllers write it where nobody has. */
const learnt = [
  ["metadata", "annotations", "crossplane.io/external-name"],
  ["spec", "forProvider", "keyId"],
];

/** Whether an update makes an object stand for another key: what was wrong with the one is new to the other. */
export function isMoved({ object, oldObject }: Review): boolean {
  const moves = (path: string[]) => !alike(valueAtPath(object, ...path), valueAtPath(oldObject, ...path));
  return (
    places.some(moves) || learnt.some((path) => valueAtPath(oldObject, ...path) !== undefined && moves(path))
  );
}

export function alike(a: unknown, b: unknown): boolean {
  try {
    return isDeepStrictEqual(a, b);
  } catch {
    // Nested too deeply to be compared.
    return false;
  }
}

/** A review as of an object that was to be created as it was before the update; absent where it cannot be written. */
export function asBefore({ value, request, oldObject }: Review): string | undefined {
  try {
    const before = { ...request, operation: "CREATE", object: oldObject, oldObject: null };
    return JSON.stringify({ ...value, request: before });
  } catch {
    return undefined;
  }
}
