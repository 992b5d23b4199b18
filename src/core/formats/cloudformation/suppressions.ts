import type { InlineSuppression } from "../../model/document.ts";
import { locationOf } from "../../model/node.ts";
import type { Json } from "../../model/source.ts";
import { type EvaluationContext, pointerAt, type TemplateResource } from "./context.ts";
import { isMap, joinPointer } from "./template.ts";

/** CDK metadata key of acknowledged rules: an object of reasons, by names such as `keywarden::public_access`. */
const ACKNOWLEDGED_RULES = "aws:cdk:acknowledged-rules";

/** Returns the path of the CDK construct that created the resource. */
export function constructPathOf({ raw: { Metadata } }: TemplateResource): string | undefined {
  const path = isMap(Metadata) ? Metadata["aws:cdk:path"] : undefined;
  return typeof path === "string" ? path : undefined;
}

/** Returns the suppressions in a resource's Metadata: `keywarden: {ignore: […]}`, and rules acknowledged in the CDK. */
export function metadataSuppressions(
  context: EvaluationContext,
  { id, raw, pointer }: TemplateResource,
): InlineSuppression[] {
  const metadata = raw.Metadata;
  if (!isMap(metadata)) return [];
  const ignore = (value: Json, ...path: string[]): InlineSuppression => ({
    value: isMap(value) ? value : Array.isArray(value) ? {} : String(value),
    location: locationOf(
      pointerAt(context, [...path].reduce(joinPointer, joinPointer(pointer, "Metadata"))),
      id,
    ),
  });
  const listed = isMap(metadata.keywarden) ? (metadata.keywarden.ignore ?? []) : [];
  const rules = isMap(metadata[ACKNOWLEDGED_RULES]) ? Object.entries(metadata[ACKNOWLEDGED_RULES]) : [];
  return [
    ...(Array.isArray(listed)
      ? listed.map((value, i) => ignore(value, "keywarden", "ignore", String(i)))
      : [ignore(listed, "keywarden", "ignore")]),
    ...rules.flatMap(([name, reason]) => {
      const rule = /^keywarden::(.+)$/i.exec(name)?.[1];
      if (rule === undefined || typeof reason !== "string") return [];
      const { location } = ignore(reason, ACKNOWLEDGED_RULES, name);
      return [{ value: { rule, reason }, location }];
    }),
  ];
}
