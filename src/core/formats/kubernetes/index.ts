import { emptyPart, type Format, type Part, type TargetOptions } from "../../model/format.ts";
import { child, type Node } from "../../model/node.ts";
import type { Parsed, Problem } from "../../model/source.ts";
import { sourceProblem } from "../../parse/problem.ts";
import { aliasFromManifest } from "./alias.ts";
import { catalogOf, type Manifest } from "./catalog.ts";
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

/** Returns a problem if the fields are not an object. Otherwise, each of them would look like one that is not set. */
function fieldsProblem({ resource, controller, node, parsed, pointer }: Manifest): Problem | undefined {
  const path = controller === "ack" ? ["spec"] : ["spec", "forProvider"];
  let fields: Node | undefined = node;
  for (const [i, name] of path.entries()) {
    fields = fields && child(fields, name);
    const isAbsent = fields === undefined || (fields.type === "scalar" && fields.value === null);
    if (isAbsent || fields?.type === "map" || fields?.type === "unknown") continue;
    const at = path.slice(0, i + 1);
    return sourceProblem(
      parsed,
      `${pointer}/${at.join("/")}`,
      `The field .${at.join(".")} of ${resource} is not an object.`,
      "Specify an object of field names and values.",
    );
  }
  return undefined;
}

function normalize(parsed: Parsed, options: TargetOptions, values: readonly Parsed[] = [parsed]): Part {
  const all = catalogOf(values);
  const catalog = all.byDocument.has(parsed) ? all : catalogOf([...values, parsed]);
  const part = emptyPart();
  for (const manifest of catalog.byDocument.get(parsed) ?? []) {
    const problem = fieldsProblem(manifest);
    if (problem !== undefined) {
      part.problems.push(problem);
      continue;
    }
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
