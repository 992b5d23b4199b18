import { type Document, entitiesOf } from "../model/document.ts";
import { directiveIn, directiveOf } from "./directive.ts";
import type { Written } from "./suppression.ts";

/** The suppressions that resources carry themselves. */
export function suppressionsInMetadata(document: Document): Written[] {
  const found = new Map<string, Written>();
  for (const {
    inlineSuppressions: ignores = [],
    resource,
    location: { file },
  } of entitiesOf(document))
    for (const { value, location } of ignores)
      found.set(JSON.stringify([resource, location]), {
        ...(typeof value === "string" ? directiveIn(value) : directiveOf(value)),
        by: "metadata",
        location,
        covers: (finding) => finding.file === file && finding.resource === resource,
      });
  return [...found.values()];
}
