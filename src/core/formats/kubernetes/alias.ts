import { aliasIn } from "../../key-policy/alias.ts";
import type { Alias } from "../../model/document.ts";
import type { TargetOptions } from "../../model/format.ts";
import { type Hole, type Node, textNode } from "../../model/node.ts";
import { textValue, unknownOf } from "../cloudformation/fields.ts";
import { partsOf } from "../key-policy/placeholder.ts";
import type { Catalogue, Manifest } from "./catalogue.ts";
import { entityOf, Fields, unknown } from "./fields.ts";
import { aliasNaming } from "./kinds.ts";
import { regionOf } from "./place.ts";
import { keyNamed } from "./references.ts";

export function aliasOf(catalogue: Catalogue, manifest: Manifest, options: TargetOptions): Alias {
  const fields = new Fields(manifest);
  const named = keyNamed(catalogue, manifest, aliasNaming);
  if (named !== undefined) fields.locate("target", named.node.at);
  const node = nameOf(manifest, fields);
  if (node !== undefined) fields.locate("name", node.at);
  const name =
    node === undefined
      ? unknown("the name is not given")
      : node.type === "unknown"
        ? unknownOf(node.hole)
        : textValue(node);
  const region = regionOf(catalogue, manifest, fields, options);
  const target = named?.reference ?? { text: unknown("the target is not given"), keys: [] };
  const alias = named && aliasIn(named.node);
  return {
    ...entityOf(manifest, fields),
    name,
    prefix: manifest.maker !== "ack" && manifest.name === undefined && manifest.prefix !== undefined,
    target: alias?.certain === true ? { ...target, alias: alias.name } : target,
    region,
  };
}

/** Crossplane calls an alias as its object is called, or as an annotation says. */
function nameOf({ maker, name, prefix, parsed, pointer }: Manifest, fields: Fields): Node | undefined {
  if (maker === "ack") return fields.node("name");
  const given = fields.annotation("crossplane.io/external-name");
  if (given?.type === "unknown") return { ...given, type: "unknown" };
  const place = given?.at ?? {
    parsed,
    pointer: `${pointer}/metadata/${name === undefined ? "generateName" : "name"}`,
  };
  const generated: Hole = { reason: "made up when it is created", expression: "metadata.name" };
  const parts =
    given?.type === "text"
      ? given.parts
      : given?.type === "scalar"
        ? [String(given.value)]
        : name !== undefined
          ? partsOf(name)
          : [prefix ?? generated];
  const [first] = parts;
  const isWhole = typeof first === "string" && first.startsWith("alias/");
  return textNode(isWhole ? parts : ["alias/", ...parts], place);
}
