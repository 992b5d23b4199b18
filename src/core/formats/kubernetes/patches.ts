import type { Hole, Node } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";

/** A value that a composition puts in when it is used. */
export interface Patch {
  path: string[];
  hole: Hole;
}

/** https://docs.crossplane.io/latest/guides/function-patch-and-transform/: those of a resource, sets of them opened. */
export function patchesOf(patches: Json | undefined, sets: Json | undefined): Patch[] {
  return list(patches).flatMap((patch): Patch[] => {
    const type = text(patch, "type") ?? "FromCompositeFieldPath";
    if (type === "PatchSet") {
      const set = list(sets).find((one) => text(one, "name") === text(patch, "patchSetName"));
      return set === undefined ? [] : patchesOf(field(set, "patches"), undefined);
    }
    // What goes to the composite or to its environment changes nothing here.
    if (/^(Combine)?To/.test(type)) return [];
    const from = text(patch, "fromFieldPath");
    const to = text(patch, "toFieldPath") ?? from;
    if (to === undefined) return [];
    return [{ path: steps(to), hole: { reason: "patched by a composition", expression: from ?? to } }];
  });
}

/** `spec.forProvider.tags[0].tagValue`, `metadata.annotations["crossplane.io/external-name"]`. */
const steps = (path: string): string[] =>
  [...path.matchAll(/\[\s*["']?([^\]"']*)["']?\s*\]|([^.[\]]+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? "",
  );

/** A value with what a patch leaves open in its place. */
export function patched(node: Node, { path: [step, ...rest], hole }: Patch): Node {
  const here: Node = { type: "unknown", hole, at: node.at };
  if (step === undefined) return here;
  const inside = { path: rest, hole };
  if (node.type === "list") {
    const index = Number(step);
    if (!(index >= 0 && index < node.items.length)) return here;
    return { ...node, items: node.items.map((item, i) => (i === index ? patched(item, inside) : item)) };
  }
  if (node.type !== "map") return here;
  const isThere = node.entries.some(({ key }) => key === step);
  const empty: Node = /^\d+$|^\*$/.test(rest[0] ?? "")
    ? { ...here }
    : { type: "map", entries: [], at: node.at };
  const added = isThere ? [] : [{ key: step, value: patched(empty, inside) }];
  const entries = node.entries.map((entry) =>
    entry.key === step ? { key: step, value: patched(entry.value, inside) } : entry,
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
