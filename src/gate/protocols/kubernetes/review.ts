import { isDeepStrictEqual } from "node:util";
import { valueAtPath } from "../../../core/formats/kubernetes/objects.ts";
import { isMap, type JsonMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";

/** The request of an AdmissionReview: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request */
export interface AdmissionReviewRequest {
  /** The review as received, which the rules evaluate. */
  text: string;
  value: JsonMap;
  request: JsonMap;
  operation: Operation;
  /** The object after the operation; null on DELETE and CONNECT. */
  object: JsonMap | null;
  /** The object before the operation; null on CREATE and CONNECT. */
  oldObject: JsonMap | null;
  /** `Kind/name` or `Kind/namespace/name`. */
  resource: string;
  /** Path of the object in config overrides. It is not a path on disk. */
  path: string;
}

const OPERATIONS = ["CREATE", "UPDATE", "DELETE", "CONNECT"] as const;
type Operation = (typeof OPERATIONS)[number];

/** Returns the review, or a sentence that says why the text is not one. */
export function parseReview(text: string): AdmissionReviewRequest | string {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return "The AdmissionReview is not valid JSON.";
  }
  return reviewFromJson(value, text);
}

export function reviewFromJson(value: Json, text: string): AdmissionReviewRequest | string {
  const request = isMap(value) ? value.request : undefined;
  if (!isMap(value) || !isMap(request)) return "The AdmissionReview has no request.";
  const { object = null, oldObject = null } = request;
  const operation = OPERATIONS.find((name) => name === request.operation);
  if (operation === undefined)
    return "The operation of the AdmissionReview is not CREATE, UPDATE, DELETE or CONNECT.";
  const [subject, field] = operation === "DELETE" ? [oldObject, "oldObject"] : [object, "object"];
  if (operation !== "CONNECT" && !isMap(subject))
    return `The AdmissionReview of a ${operation} has no request.${field}.`;
  if (isMap(subject) && ![subject.apiVersion, subject.kind].every(isNonEmptyString))
    return `The object in the AdmissionReview of a ${operation} has no apiVersion or no kind.`;
  const names = objectNames(request, isMap(subject) ? subject : {});
  return {
    text,
    value,
    request,
    operation,
    object: isMap(object) ? object : null,
    oldObject: isMap(oldObject) ? oldObject : null,
    resource: [names.kind, names.namespace, names.name].filter(Boolean).join("/"),
    path: objectPath(names),
  };
}

interface ObjectNames {
  kind: string;
  /** Empty for cluster-scoped objects. */
  namespace: string;
  /** The `generateName` prefix if the API server generates the name. */
  name: string;
}

export function objectNames(request: JsonMap, object: JsonMap): ObjectNames {
  const first = (...values: (Json | undefined)[]) =>
    values.find((value): value is string => typeof value === "string" && value !== "") ?? "";
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

/**
 * Returns `<namespace>/<Kind>/<name>.json` or `<Kind>/<name>.json`. The client controls the names, so they are
 * sanitized: no segment can point to a parent directory.
 */
export const objectPath = ({ namespace, kind, name }: ObjectNames): string =>
  `${[namespace, kind, name].filter(Boolean).map(pathSegment).join("/")}.json`;

const pathSegment = (text: string): string =>
  text
    .slice(0, 253)
    .replace(/[^\w.-]/g, "_")
    .replace(/^\.+/, "_");

/** Returns why a request cannot make an object less secure and need not be checked, or undefined if it can. */
export function skipReason(review: AdmissionReviewRequest): string | undefined {
  const { operation, request, object, oldObject } = review;
  if (operation === "CONNECT") return "CONNECT does not change an object";
  // Custom resources have only these two subresources. The API server applies only the status from the first one.
  if (request.subResource === "status" || request.subResource === "scale")
    return "only the status or the scale changes";
  if (operation === "DELETE" && isBeingDeleted(review)) return "the object is already being deleted";
  if (
    operation === "UPDATE" &&
    oldObject !== null &&
    deepEqual(relevantFields(object), relevantFields(oldObject))
  )
    return "the update does not change a field that defines the key";
  return undefined;
}

/** Returns whether an object remains only until its controllers have removed their finalizers. */
export function isBeingDeleted({ oldObject }: AdmissionReviewRequest): boolean {
  const deletionTime = valueAtPath(oldObject, "metadata", "deletionTimestamp");
  return isNonEmptyString(deletionTime);
}

const isNonEmptyString = (value: Json | undefined): value is string =>
  typeof value === "string" && value !== "";

/** Returns the fields that controllers and rules read: all except the status and the server-managed metadata. */
const relevantFields = (object: JsonMap | null): Json[] => {
  const { metadata = null, status: _, ...rest } = object ?? {};
  return [rest, valueAtPath(metadata, "annotations") ?? null, valueAtPath(metadata, "labels") ?? null];
};

/** Fields that determine the KMS key, account and Region of an object. */
const TARGET_FIELDS = [
  ["metadata", "annotations", "services.k8s.aws/region"],
  ["spec", "providerConfigRef"],
  ["spec", "forProvider", "region"],
];
/** Fields that also determine the KMS key. Controllers set them if the author has not (late initialization). */
const LATE_INITIALIZED_FIELDS = [
  ["metadata", "annotations", "crossplane.io/external-name"],
  ["spec", "forProvider", "keyId"],
];

/** Returns whether an update makes an object represent another KMS key, for which every finding is new. */
export function targetsOtherKey({ object, oldObject }: AdmissionReviewRequest): boolean {
  const changes = (path: string[]) =>
    !deepEqual(valueAtPath(object, ...path), valueAtPath(oldObject, ...path));
  return (
    TARGET_FIELDS.some(changes) ||
    LATE_INITIALIZED_FIELDS.some((path) => valueAtPath(oldObject, ...path) !== undefined && changes(path))
  );
}

/** Returns whether two values are equal; false if they are nested too deeply to compare. */
export function deepEqual(a: unknown, b: unknown): boolean {
  try {
    return isDeepStrictEqual(a, b);
  } catch {
    return false;
  }
}

/** Returns a review that creates the old object of an update, or undefined if it cannot be serialized. */
export const reviewOfOldObject = (review: AdmissionReviewRequest): string | undefined =>
  reviewWith(review, { operation: "CREATE", object: review.oldObject, oldObject: null });

/** Returns a review that deletes an object, or undefined if it cannot be serialized. */
export const reviewOfDeletion = (review: AdmissionReviewRequest, oldObject: JsonMap | null) =>
  reviewWith(review, { operation: "DELETE", object: null, oldObject });

function reviewWith({ value, request }: AdmissionReviewRequest, fields: JsonMap): string | undefined {
  try {
    return JSON.stringify({ ...value, request: { ...request, ...fields } });
  } catch {
    return undefined;
  }
}
