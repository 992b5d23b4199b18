import { isMap, type JsonMap } from "../../model/json.ts";
import { child, type Hole, locationOf, type Node } from "../../model/node.ts";
import type { Json, Parsed } from "../../model/source.ts";
import { type Maker, makerOf, type Naming } from "./kinds.ts";
import { nodeOf } from "./nodes.ts";
import { at, type Found, objectsIn, type Request } from "./objects.ts";
import { type Patch, patched } from "./patches.ts";
import { ofTemplate, templateOf } from "./template.ts";

/** An object of KMS. */
export interface Manifest {
  id: string;
  /** `Kind/name` or `Kind/namespace/name`. */
  resource: string;
  type: string;
  scope: string;
  parsed: Parsed;
  pointer: string;
  maker: Maker;
  group: string;
  kind: string;
  /** Absent where it is made up. */
  name?: string;
  /** What the name begins with. */
  prefix?: string;
  namespace: string;
  within?: string;
  raw: JsonMap;
  labels: JsonMap;
  node: Node;
  /** What may add to its fields. */
  open?: Hole;
  /** What a request to the cluster does to it. */
  action?: Request["action"];
  /** The object that the request changes. */
  before?: Manifest;
}

/** All objects of a run to which references may lead. */
export interface Catalogue {
  manifests: Manifest[];
  byValue: Map<Parsed, Manifest[]>;
  /** Those that are to be deleted: no reference leads to them. */
  removed: Map<Parsed, Manifest[]>;
  /** Roles, users and namespaces. */
  others: { raw: JsonMap; path: string }[];
}

const catalogues = new WeakMap<readonly Parsed[], Catalogue>();

export function catalogueOf(beside: readonly Parsed[]): Catalogue {
  const known = catalogues.get(beside);
  if (known !== undefined) return known;
  const catalogue: Catalogue = { manifests: [], byValue: new Map(), removed: new Map(), others: [] };
  const ids = new Set<string>();
  for (const parsed of beside) {
    const manifests: Manifest[] = [];
    for (const found of objectsIn(parsed.value)) {
      const maker = makerOf(found.raw.apiVersion, found.raw.kind);
      if (maker === undefined) catalogue.others.push({ raw: found.raw, path: parsed.source.path });
      else if (!onlyObserves(found.raw, maker)) manifests.push(manifestOf(parsed, found, maker, ids));
    }
    const stays = ({ action }: Manifest): boolean => action !== "delete";
    catalogue.byValue.set(parsed, manifests.filter(stays));
    catalogue.removed.set(
      parsed,
      manifests.filter((one) => !stays(one)),
    );
    catalogue.manifests.push(...manifests.filter(stays));
  }
  catalogues.set(beside, catalogue);
  return catalogue;
}

function manifestOf(parsed: Parsed, found: Found, maker: Maker, ids: Set<string>): Manifest {
  const { raw, pointer, part, within, request } = found;
  const { path } = parsed.source;
  const metadata = isMap(raw.metadata) ? raw.metadata : {};
  const name = textOf(metadata.name);
  const prefix = textOf(metadata.generateName);
  const namespace = textOf(metadata.namespace);
  const kind = String(raw.kind);
  const resource = [kind, namespace, name ?? prefix ?? part ?? "(unnamed)"].filter(Boolean).join("/");
  const group = String(raw.apiVersion).split("/")[0] as string;
  const scope = [path, within, providerOf(raw)].filter(Boolean).join("#");
  const additions = additionsTo(parsed, pointer)
    .filter((path) => !isFieldList(path))
    .map((path): Patch => ({ path, hole: ofTemplate }));
  const node = [...found.patches, ...additions].reduce(patched, nodeOf(parsed, pointer, raw));
  const open = openIn(parsed, pointer, raw, node, maker);
  const unique = `${path}#${[within, group, resource].filter(Boolean).join("/")}`;
  const id = ids.has(unique) ? `${unique}:${locationOf({ parsed, pointer }).line}${pointer}` : unique;
  ids.add(id);
  return {
    id,
    resource,
    type: `${group}/${kind}`,
    scope,
    parsed,
    pointer,
    maker,
    group,
    kind,
    namespace: namespace ?? "",
    raw,
    labels: isMap(metadata.labels) ? metadata.labels : {},
    node,
    ...(name === undefined ? {} : { name }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(within === undefined ? {} : { within }),
    ...(open === undefined ? {} : { open }),
    ...(request === undefined ? {} : { action: request.action, ...beforeIn(parsed, request, raw, maker) }),
  };
}

/** The object that is there, where it is still one of the same kind. */
function beforeIn(
  parsed: Parsed,
  { before }: Request,
  { kind }: JsonMap,
  maker: Maker,
): { before?: Manifest } {
  if (before === undefined || before.raw.kind !== kind || makerOf(before.raw.apiVersion, kind) !== maker)
    return {};
  return { before: manifestOf(parsed, { ...before, patches: [] }, maker, new Set()) };
}

/** Crossplane's providers are of one account each. */
const providerOf = (raw: JsonMap): string | undefined => {
  const name = textOf(at(raw, "spec", "providerConfigRef", "name"));
  return name === undefined || name === "default" ? undefined : `provider ${name}`;
};

/** Whether an object manages nothing: what it stands for is there already, and belongs to somebody else. */
function onlyObserves(raw: JsonMap, maker: Maker): boolean {
  if (maker === "ack")
    return String(at(raw, "metadata", "annotations", "services.k8s.aws/read-only")) === "true";
  const policies = at(raw, "spec", "managementPolicies");
  return Array.isArray(policies) && policies.every((one) => one === "Observe" || one === "LateInitialize");
}

/** Why fields that are not written may be there all the same. */
function openIn(parsed: Parsed, pointer: string, raw: JsonMap, node: Node, maker: Maker): Hole | undefined {
  const adoption = "services.k8s.aws/adoption-policy";
  if (maker === "ack" && at(raw, "metadata", "annotations", adoption) !== undefined)
    return { reason: "the object takes over what is there", expression: adoption };
  for (const path of maker === "ack" ? [["spec"]] : [["spec"], ["spec", "forProvider"]]) {
    const part = path.reduce<Node | undefined>((inner, step) => inner && child(inner, step), node);
    if (part?.type === "unknown") return part.hole;
  }
  const put = additionsTo(parsed, pointer).some((path) => isFieldList(path));
  return put ? ofTemplate : undefined;
}

/** The keys below which a template puts further fields into an object. */
function additionsTo(parsed: Parsed, pointer: string): string[][] {
  const additions = templateOf(parsed)?.additions ?? [];
  if (additions.length === 0) return [];
  const { start, end } = parsed.locate(pointer);
  // A document goes on behind its last value.
  const next = parsed.source.text.indexOf("\n---", start.offset);
  const until = pointer !== "" ? end.offset : next < 0 ? Number.POSITIVE_INFINITY : next;
  return additions.filter(({ offset }) => start.offset <= offset && offset <= until).map(({ path }) => path);
}

const isFieldList = (path: string[]): boolean => /^(spec(,forProvider|,initProvider)?)?$/.test(path.join());

const textOf = (value: Json | undefined): string | undefined =>
  (typeof value === "string" || typeof value === "number") && value !== "" ? String(value) : undefined;

/** The keys that an object may name: the nearest that fit. */
export function keysNamed(catalogue: Catalogue, from: Manifest, naming: Naming, fits: Fits): Manifest[] {
  const isKind = (kind: string) => kind === naming.kind;
  const all = catalogue.manifests.filter(
    (one) => one.group === from.group && isKind(one.kind) && one.within === from.within && fits(one),
  );
  return nearest(all, from);
}

type Fits = (manifest: Manifest) => boolean;

const folder = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1);

/** Those of the same file; else of the same folder; else all. Overlays for several clusters name things alike. */
function nearest(all: Manifest[], { parsed: { source }, within, pointer, parsed }: Manifest): Manifest[] {
  const here = all.filter((one) => one.parsed.source.path === source.path);
  if (within !== undefined)
    return here.filter((one) => one.parsed === parsed && rootOf(one.pointer) === rootOf(pointer));
  if (here.length > 0) return here;
  const near = all.filter((one) => folder(one.parsed.source.path) === folder(source.path));
  return near.length > 0 ? near : all;
}

/** The list that an object of a composition stands in, which may itself stand in a list. */
const rootOf = (pointer: string): string => /^(\/items\/\d+)*/.exec(pointer)?.[0] ?? "";
