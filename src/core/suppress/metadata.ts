import { type Document, entitiesIn } from "../model/document.ts";
import { directiveFromObject, parseDirective } from "./directive.ts";
import type { SuppressionEntry } from "./suppression.ts";

/** Returns the suppressions in the tags, annotations and metadata of resources. */
export function resourceSuppressions(document: Document): SuppressionEntry[] {
  const entries = new Map<string, SuppressionEntry>();
  for (const { inlineSuppressions = [], resource, location: resourceLocation } of entitiesIn(document))
    for (const { value, location } of inlineSuppressions)
      entries.set(JSON.stringify([resource, location]), {
        ...(typeof value === "string" ? parseDirective(value) : directiveFromObject(value)),
        by: "metadata",
        location,
        matches: (finding) => finding.file === resourceLocation.file && finding.resource === resource,
      });
  return [...entries.values()];
}
