import { parseAlias } from "../../key-policy/alias.ts";
import { toUnknown } from "../../key-policy/pattern.ts";
import type { Alias } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { type Node, textNode, type UnknownPart } from "../../model/node.ts";
import { stringOrPartial } from "../cloudformation/fields.ts";
import { placeholderParts } from "../key-policy/placeholder.ts";
import type { Catalog, Manifest } from "./catalog.ts";
import { manifestRegion } from "./deployment-target.ts";
import { ManifestFields, manifestEntity, unknownValue } from "./fields.ts";
import { aliasTargetFields } from "./kinds.ts";
import { referencedKey } from "./references.ts";

/** Returns the alias that an Alias object defines. */
export function aliasFromManifest(catalog: Catalog, manifest: Manifest, options: TargetOptions): Alias {
  const fields = new ManifestFields(manifest);
  const referenced = referencedKey(catalog, manifest, aliasTargetFields);
  if (referenced !== undefined) fields.locate("target", referenced.node.at);
  const node = aliasNameNode(manifest, fields);
  if (node !== undefined) fields.locate("name", node.at);
  const name =
    node === undefined
      ? unknownValue("the name is not set")
      : node.type === "unknown"
        ? toUnknown(node.part)
        : stringOrPartial(node);
  const region = manifestRegion(catalog, manifest, fields, options);
  const target = referenced?.reference ?? { text: unknownValue("the target is not set"), keys: [] };
  const alias = referenced && parseAlias(referenced.node);
  return {
    ...manifestEntity(manifest, fields),
    name,
    prefix: manifest.controller !== "ack" && manifest.name === undefined && manifest.prefix !== undefined,
    target: alias?.certain === true ? { ...target, alias: alias.name } : target,
    region,
  };
}

/** Returns the alias name. Crossplane uses the name of the object, or an annotation. */
function aliasNameNode(
  { controller, name, prefix, parsed, pointer }: Manifest,
  fields: ManifestFields,
): Node | undefined {
  if (controller === "ack") return fields.node("name");
  const annotation = fields.annotation("crossplane.io/external-name");
  if (annotation?.type === "unknown") return { ...annotation, type: "unknown" };
  const position = annotation?.at ?? {
    parsed,
    pointer: `${pointer}/metadata/${name === undefined ? "generateName" : "name"}`,
  };
  const generated: UnknownPart = {
    reason: "generated when the object is created",
    expression: "metadata.name",
  };
  const parts =
    annotation?.type === "text"
      ? annotation.parts
      : annotation?.type === "scalar"
        ? [String(annotation.value)]
        : name !== undefined
          ? placeholderParts(name)
          : [prefix ?? generated];
  const [first] = parts;
  const hasPrefix = typeof first === "string" && first.startsWith("alias/");
  return textNode(hasPrefix ? parts : ["alias/", ...parts], position);
}
