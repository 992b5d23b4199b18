import { emptyPart, type Format, type Part, type TargetOptions } from "../../model/format.ts";
import type { Parsed } from "../../model/source.ts";
import { aliasOf } from "./alias.ts";
import { catalogueOf } from "./catalogue.ts";
import { grantOf } from "./grant.ts";
import { keyOf, looseKeyPolicy, removalsOf } from "./key.ts";
import { keyKindOf } from "./kinds.ts";
import { holdsKeys } from "./objects.ts";

/** Objects of Kubernetes from which ACK and Crossplane make keys, aliases, grants and key policies. */
export const kubernetes: Format = {
  name: "kubernetes",
  detect: holdsKeys,
  normalize,
};

function normalize(parsed: Parsed, options: TargetOptions, beside: readonly Parsed[] = [parsed]): Part {
  const all = catalogueOf(beside);
  const catalogue = all.byValue.has(parsed) ? all : catalogueOf([...beside, parsed]);
  const part = emptyPart();
  for (const manifest of catalogue.byValue.get(parsed) ?? []) {
    const kind = keyKindOf(manifest.maker, manifest.kind);
    if (kind !== undefined) part.keys.push(keyOf(catalogue, manifest, kind, options));
    else if (manifest.kind === "Alias") part.aliases.push(aliasOf(catalogue, manifest, options));
    else if (manifest.kind === "Grant") part.grants.push(grantOf(catalogue, manifest, options));
    else part.keys.push(...looseKeyPolicy(catalogue, manifest, options));
  }
  for (const manifest of catalogue.removed.get(parsed) ?? []) {
    const kind = keyKindOf(manifest.maker, manifest.kind);
    if (kind !== undefined) part.removals.push(...removalsOf(catalogue, manifest, kind));
  }
  return part;
}
