import { emptyPart, type Format, type Part, type TargetOptions } from "../../model/format.ts";
import type { Parsed } from "../../model/source.ts";
import { aliasFromManifest } from "./alias.ts";
import { catalogOf } from "./catalog.ts";
import { grantFromManifest } from "./grant.ts";
import { keyFromManifest, removalsOf, unattachedKeyPolicy } from "./key.ts";
import { keyKindOf } from "./kinds.ts";
import { containsKmsObjects } from "./objects.ts";

/** Kubernetes objects from which ACK and Crossplane create keys, aliases, grants, and key policies. */
export const kubernetes: Format = {
  name: "kubernetes",
  detect: containsKmsObjects,
  normalize,
};

function normalize(parsed: Parsed, options: TargetOptions, values: readonly Parsed[] = [parsed]): Part {
  const all = catalogOf(values);
  const catalog = all.byDocument.has(parsed) ? all : catalogOf([...values, parsed]);
  const part = emptyPart();
  for (const manifest of catalog.byDocument.get(parsed) ?? []) {
    const kind = keyKindOf(manifest.controller, manifest.kind);
    if (kind !== undefined) part.keys.push(keyFromManifest(catalog, manifest, kind, options));
    else if (manifest.kind === "Alias") part.aliases.push(aliasFromManifest(catalog, manifest, options));
    else if (manifest.kind === "Grant") part.grants.push(grantFromManifest(catalog, manifest, options));
    else part.keys.push(...unattachedKeyPolicy(catalog, manifest, options));
  }
  for (const manifest of catalog.removed.get(parsed) ?? []) {
    const kind = keyKindOf(manifest.controller, manifest.kind);
    if (kind !== undefined) part.removals.push(...removalsOf(catalog, manifest, kind));
  }
  return part;
}
