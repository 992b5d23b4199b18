import { isMap } from "../model/json.ts";
import type { Json } from "../model/source.ts";
import { cloudformation } from "./cloudformation/index.ts";
import { keyPolicy } from "./key-policy/index.ts";
import { policyStatements } from "./key-policy/shape.ts";
import { kubernetes } from "./kubernetes/index.ts";

/**
 * Returns the name of the format of a value without content that Keywarden reads: a template without resources, a
 * Kubernetes object of another kind, or the policy of another service. Returns undefined for all other values, such as an
 * error message in JSON.
 */
export function formatWithoutContent(value: Json): string | undefined {
  if (isTemplate(value)) return cloudformation.name;
  if (isObject(value)) return kubernetes.name;
  return policyStatements(value) === null ? undefined : keyPolicy.name;
}

/** A macro or an included file may add all resources of a template. */
const isTemplate = (value: Json): boolean =>
  isMap(value) && ["AWSTemplateFormatVersion", "Transform", "Fn::Transform"].some((name) => name in value);

/** The API server's own errors have a kind, but no name: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
function isObject(value: Json): boolean {
  if (Array.isArray(value)) return value.some(isObject);
  if (!isMap(value) || typeof value.apiVersion !== "string" || typeof value.kind !== "string") return false;
  const { request, metadata, items } = value;
  if (value.kind === "AdmissionReview" && isMap(request))
    return isObject(request.object ?? null) || isObject(request.oldObject ?? null);
  if (Array.isArray(items) && value.kind.endsWith("List")) return true;
  return isMap(metadata) && [metadata.name, metadata.generateName].some((name) => typeof name === "string");
}
