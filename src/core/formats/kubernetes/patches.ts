import type { Node, UnknownPart } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";

/** A value that a composition sets when it is used. */
export interface Patch {
  path: string[];
  unknownPart: UnknownPart;
}

/**
 * Returns the patches of a resource, with patch sets expanded.
 * https://docs.crossplane.io/latest/guides/function-patch-and-transform/
 */
export function patchesOf(patches: Json | undefined, sets: Json | undefined): Patch[] {
  // A set that is named twice has no further effect.
  const named = new Set<string>();
  return list(patches).flatMap((patch): Patch[] => {
    const type = text(patch, "type") ?? "FromCompositeFieldPath";
    if (type === "PatchSet") {
      const name = text(patch, "patchSetName");
      if (name === undefined || named.has(name)) return [];
      named.add(name);
      const set = list(sets).find((candidate) => text(candidate, "name") === name);
      return set === undefined ? [] : patchesOf(field(set, "patches"), undefined);
    }
    // Patches of the composite resource or its environment don't change the resource.
    if (/^(Combine)?To/.test(type)) return [];
    const from = text(patch, "fromFieldPath");
    const to = text(patch, "toFieldPath") ?? from;
    if (to === undefined) return [];
    return [
      { path: pathSteps(to), unknownPart: { reason: "patched by a composition", expression: from ?? to } },
    ];
  });
}

/** Splits `spec.forProvider.tags[0].tagValue` or `metadata.annotations["crossplane.io/external-name"]` into steps. */
const pathSteps = (path: string): string[] =>
  [...path.matchAll(/\[\s*["']?([^\]"']*)["']?\s*\]|([^.[\]]+)/g)].map(
    ([, quoted, name]) => quoted ?? name ?? "",
  );

/** Returns a node with the patched value as unknown. */
export function applyPatch(node: Node, { path: [step, ...rest], unknownPart }: Patch): Node {
  const unknownNode: Node = { type: "unknown", part: unknownPart, at: node.at };
  if (step === undefined) return unknownNode;
  const innerPatch = { path: rest, unknownPart };
  if (node.type === "list") {
    const index = Number(step);
    if (!(index >= 0 && index < node.items.length)) return unknownNode;
    return {
      ...node,
      items: node.items.map((item, i) => (i === index ? applyPatch(item, innerPatch) : item)),
    };
  }
  if (node.type !== "map") return unknownNode;
  const exists = node.entries.some(({ key }) => key === step);
  const empty: Node = /^\d+$|^\*$/.test(rest[0] ?? "")
    ? { ...unknownNode }
    : { type: "map", entries: [], at: node.at };
  const added = exists ? [] : [{ key: step, value: applyPatch(empty, innerPatch) }];
  const entries = node.entries.map((entry) =>
    entry.key === step ? { key: step, value: applyPatch(entry.value, innerPatch) } : entry,
  );
  return { ...node, entries: [...entries, ...added] };
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

const field = (value: Json | undefined, name: string): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? value[name] : undefined;

const text = (value: Json | undefined, name: string): string | undefined => {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
};
