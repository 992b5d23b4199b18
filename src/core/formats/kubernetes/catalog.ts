import { isMap, type JsonMap } from "../../model/json.ts";
import { child, locationOf, type Node, type UnknownPart } from "../../model/node.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { helmTemplateOf, templateValue } from "./helm-template.ts";
import { type Controller, controllerOf, type KeyReferenceFields } from "./kinds.ts";
import { manifestNode } from "./nodes.ts";
import { type AdmissionChange, type KubernetesObject, objectsIn, valueAtPath } from "./objects.ts";
import { applyPatch, type Patch } from "./patches.ts";

/** A Kubernetes object that represents a KMS resource. */
export interface Manifest {
  id: string;
  /** `Kind/name` or `Kind/namespace/name`. */
  resource: string;
  type: string;
  scope: string;
  parsed: Parsed;
  pointer: string;
  controller: Controller;
  group: string;
  kind: string;
  /** Absent if the API server generates the name. */
  name?: string;
  /** Prefix of a generated name. */
  prefix?: string;
  namespace: string;
  composition?: string;
  raw: JsonMap;
  labels: JsonMap;
  node: Node;
  /** Why fields that are absent from the manifest may still have values. Absent if they cannot. */
  unknownFields?: UnknownPart;
  /** The action of the admission request. */
  action?: AdmissionChange["action"];
  /** The object before the requested update. */
  before?: Manifest;
}

/** All objects in the input that references can resolve to. */
export interface Catalog {
  manifests: Manifest[];
  byDocument: Map<Parsed, Manifest[]>;
  /** Objects that are being deleted. References don't resolve to them. */
  removed: Map<Parsed, Manifest[]>;
  /** Other objects, such as roles, users, and namespaces. */
  otherObjects: { raw: JsonMap; path: string }[];
}

const catalogs = new WeakMap<readonly Parsed[], Catalog>();

/** Returns the catalog of all objects in the parsed values. */
export function catalogOf(values: readonly Parsed[]): Catalog {
  const known = catalogs.get(values);
  if (known !== undefined) return known;
  const catalog: Catalog = { manifests: [], byDocument: new Map(), removed: new Map(), otherObjects: [] };
  const ids = new Set<string>();
  for (const parsed of values) {
    const manifests: Manifest[] = [];
    for (const found of objectsIn(parsed.value)) {
      const controller = controllerOf(found.raw.apiVersion, found.raw.kind);
      if (controller === undefined) catalog.otherObjects.push({ raw: found.raw, path: parsed.source.path });
      else if (!isObserveOnly(found.raw, controller))
        manifests.push(manifestOf(parsed, found, controller, ids));
    }
    const isKept = ({ action }: Manifest): boolean => action !== "delete";
    catalog.byDocument.set(parsed, manifests.filter(isKept));
    catalog.removed.set(
      parsed,
      manifests.filter((manifest) => !isKept(manifest)),
    );
    for (const manifest of manifests.filter(isKept)) catalog.manifests.push(manifest);
  }
  catalogs.set(values, catalog);
  return catalog;
}

function manifestOf(
  parsed: Parsed,
  found: KubernetesObject,
  controller: Controller,
  ids: Set<string>,
): Manifest {
  const { raw, pointer, resourceName, composition, request } = found;
  const { path } = parsed.source;
  const metadata = isMap(raw.metadata) ? raw.metadata : {};
  const name = scalarString(metadata.name);
  const prefix = scalarString(metadata.generateName);
  const namespace = scalarString(metadata.namespace);
  const kind = String(raw.kind);
  const resource = [kind, namespace, name ?? prefix ?? resourceName ?? "(unnamed)"].filter(Boolean).join("/");
  const group = String(raw.apiVersion).split("/")[0] as string;
  const scope = [path, composition, providerOf(raw)].filter(Boolean).join("#");
  const additions = additionPaths(parsed, pointer)
    .filter((path) => !isFieldList(path))
    .map((path): Patch => ({ path, unknownPart: templateValue }));
  const node = [...found.patches, ...additions].reduce(applyPatch, manifestNode(parsed, pointer, raw));
  const unknownFields = unknownFieldsOf(parsed, pointer, raw, node, controller);
  const unique = `${path}#${[composition, group, resource].filter(Boolean).join("/")}`;
  const id = ids.has(unique) ? `${unique}:${locationOf({ parsed, pointer }).line}${pointer}` : unique;
  ids.add(id);
  return {
    id,
    resource,
    type: `${group}/${kind}`,
    scope,
    parsed,
    pointer,
    controller,
    group,
    kind,
    namespace: namespace ?? "",
    raw,
    labels: isMap(metadata.labels) ? metadata.labels : {},
    node,
    ...(name === undefined ? {} : { name }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(composition === undefined ? {} : { composition }),
    ...(unknownFields === undefined ? {} : { unknownFields }),
    ...(request === undefined
      ? {}
      : { action: request.action, ...previousManifest(parsed, request, raw, controller) }),
  };
}

/** Returns the object before the update, if it has the same kind and controller. */
function previousManifest(
  parsed: Parsed,
  { before }: AdmissionChange,
  { kind }: JsonMap,
  controller: Controller,
): { before?: Manifest } {
  if (
    before === undefined ||
    before.raw.kind !== kind ||
    controllerOf(before.raw.apiVersion, kind) !== controller
  )
    return {};
  return { before: manifestOf(parsed, { ...before, patches: [] }, controller, new Set()) };
}

/** Each Crossplane provider config has one account. */
const providerOf = (raw: JsonMap): string | undefined => {
  const name = scalarString(valueAtPath(raw, "spec", "providerConfigRef", "name"));
  return name === undefined || name === "default" ? undefined : `provider ${name}`;
};

/** Returns whether an object only observes an existing resource and does not manage it. */
function isObserveOnly(raw: JsonMap, controller: Controller): boolean {
  if (controller === "ack")
    return String(valueAtPath(raw, "metadata", "annotations", "services.k8s.aws/read-only")) === "true";
  const policies = valueAtPath(raw, "spec", "managementPolicies");
  return (
    Array.isArray(policies) && policies.every((policy) => policy === "Observe" || policy === "LateInitialize")
  );
}

/** Returns why fields that are absent from the manifest may still have values; undefined if they cannot. */
function unknownFieldsOf(
  parsed: Parsed,
  pointer: string,
  raw: JsonMap,
  node: Node,
  controller: Controller,
): UnknownPart | undefined {
  const adoption = "services.k8s.aws/adoption-policy";
  if (controller === "ack" && valueAtPath(raw, "metadata", "annotations", adoption) !== undefined)
    return { reason: "the object adopts an existing resource", expression: adoption };
  for (const path of controller === "ack" ? [["spec"]] : [["spec"], ["spec", "forProvider"]]) {
    const part = path.reduce<Node | undefined>((inner, step) => inner && child(inner, step), node);
    if (part?.type === "unknown") return part.part;
  }
  const hasAdditions = additionPaths(parsed, pointer).some((path) => isFieldList(path));
  return hasAdditions ? templateValue : undefined;
}

/** Returns the paths at which a Helm template inserts more fields into an object. */
function additionPaths(parsed: Parsed, pointer: string): string[][] {
  const additions = helmTemplateOf(parsed)?.additions ?? [];
  if (additions.length === 0) return [];
  const { start, end } = parsed.locate(pointer);
  // A YAML document continues after its last value.
  const next = parsed.source.text.indexOf("\n---", start.offset);
  const until = pointer !== "" ? end.offset : next < 0 ? Number.POSITIVE_INFINITY : next;
  return additions.filter(({ offset }) => start.offset <= offset && offset <= until).map(({ path }) => path);
}

const isFieldList = (path: string[]): boolean => /^(spec(,forProvider|,initProvider)?)?$/.test(path.join());

const scalarString = (value: Json | undefined): string | undefined =>
  (typeof value === "string" || typeof value === "number") && value !== "" ? String(value) : undefined;

/** Returns the nearest keys that match a reference. */
export function candidateKeys(
  catalog: Catalog,
  from: Manifest,
  keyFields: KeyReferenceFields,
  matches: ManifestFilter,
): Manifest[] {
  const isKind = (kind: string) => kind === keyFields.kind;
  const all = catalog.manifests.filter(
    (key) =>
      key.group === from.group && isKind(key.kind) && key.composition === from.composition && matches(key),
  );
  return nearest(all, from);
}

type ManifestFilter = (manifest: Manifest) => boolean;

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** Prefers the same file, then the same directory. Overlays for several clusters reuse names. */
function nearest(
  all: Manifest[],
  { parsed: { source }, composition, pointer, parsed }: Manifest,
): Manifest[] {
  const sameFile = all.filter((key) => key.parsed.source.path === source.path);
  if (composition !== undefined)
    return sameFile.filter(
      (key) => key.parsed === parsed && listPointer(key.pointer) === listPointer(pointer),
    );
  if (sameFile.length > 0) return sameFile;
  const sameDirectory = all.filter((key) => directoryOf(key.parsed.source.path) === directoryOf(source.path));
  return sameDirectory.length > 0 ? sameDirectory : all;
}

/** Returns the pointer to the list item that contains a composition. Lists can be nested. */
const listPointer = (pointer: string): string => /^(\/items\/\d+)*/.exec(pointer)?.[0] ?? "";
