import type { Json, Parsed, UnseenPart } from "../../model/source.ts";
import { jsonAt, listAt, stringAt } from "./json.ts";

/**
 * Returns the changes that Terraform put off to a later plan, and a part for the rest of a plan that is not complete.
 * https://developer.hashicorp.com/terraform/internals/json-format
 */
export function unseenInPlan(parsed: Parsed, isWantedType: (type: string) => boolean): UnseenPart[] {
  const { value } = parsed;
  const deferred = listAt(value, "deferred_changes");
  const parts = deferred.flatMap((change, i) => {
    const type = stringAt(change, "resource_change", "type") ?? "";
    return isWantedType(type) ? [deferredPart(parsed, change, `/deferred_changes/${i}`)] : [];
  });
  // A failed plan is not complete either. It is reported as a problem.
  const isIncomplete = jsonAt(value, "complete") === false && jsonAt(value, "errored") !== true;
  return isIncomplete && deferred.length === 0 ? [incompletePart(parsed)] : parts;
}

function deferredPart(parsed: Parsed, change: Json, pointer: string): UnseenPart {
  const address = stringAt(change, "resource_change", "address") ?? "a resource";
  const reason = stringAt(change, "reason") ?? "unknown";
  return {
    ...position(parsed, pointer),
    resource: address,
    subject: address,
    message: `Keywarden did not check ${address}: Terraform deferred the change to a later plan (reason: ${reason}).`,
    remedy: "Apply this plan, and check the next plan too.",
  };
}

const incompletePart = (parsed: Parsed): UnseenPart => ({
  ...position(parsed, "/complete"),
  subject: "complete",
  message:
    "Keywarden did not check every resource: the plan is not complete, for example because of -target.",
  remedy: "Check a plan of the whole configuration.",
});

function position(parsed: Parsed, pointer: string): Pick<UnseenPart, "kind" | "file" | "line" | "column"> {
  const { line, column } = parsed.locate(pointer).start;
  return { kind: "deferred-change", file: parsed.source.path, line, column };
}
