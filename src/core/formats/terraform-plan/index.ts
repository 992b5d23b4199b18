import type { Removal } from "../../model/document.ts";
import { emptyPart, type Format, type Part, type TargetOptions } from "../../model/format.ts";
import type { Json, Parsed, Problem } from "../../model/source.ts";
import { sourceProblem } from "../../parse/problem.ts";
import { aliasOf } from "./alias.ts";
import { consumersOf } from "./consumer.ts";
import { entityOf, Fields } from "./entity.ts";
import { grantOf } from "./grant.ts";
import { identityPoliciesOf } from "./identity.ts";
import { at, isObject } from "./json.ts";
import { attachedPolicy, attachmentsOf, keyOf } from "./key.ts";
import { settled } from "./owner.ts";
import { Plan, type Resource } from "./plan.ts";
import { isAliasType, isKeyType, isRead, keyTypes } from "./resources.ts";
import { secretsOf } from "./secret.ts";
import { sharesOf } from "./share.ts";

/** Terraform and OpenTofu plans, as `terraform show -json PLAN` prints them. */
export const terraformPlan: Format = {
  name: "terraform-plan",
  detect: (value) => isPlan(value) || isState(value),
  normalize,
};

const has = (value: Json, ...keys: string[]): boolean => keys.some((key) => at(value, key) !== undefined);

const isPlan = (value: Json): boolean =>
  typeof at(value, "format_version") === "string" &&
  has(value, "resource_changes", "planned_values", "configuration", "terraform_version");

/** A state file, or what `terraform show -json` prints of a state. */
const isState = (value: Json): boolean =>
  at(value, "version") === 4
    ? Array.isArray(at(value, "resources")) && has(value, "terraform_version", "lineage", "serial")
    : isPlan(value) &&
      has(value, "values") &&
      !has(value, "resource_changes", "planned_values", "configuration");

function normalize(parsed: Parsed, options: TargetOptions): Part {
  const obstacle = obstacleIn(parsed);
  if (obstacle !== null) return { ...emptyPart(), problems: [obstacle] };
  const plan = new Plan(parsed, isRead);
  return { ...entitiesOf(plan, options), problems: [...remarks(parsed), ...plan.problems] };
}

/**
 * The entities of an opened plan. What stands behind its values is asked of the plan alone, so that a reader that
 * makes the same from source can use it.
 */
export function entitiesOf(plan: Plan, options: TargetOptions): Part {
  const part = emptyPart();
  const attachments = attachmentsOf(plan);
  for (const resource of plan.resources) {
    if (isKeyType(resource.type)) part.keys.push(keyOf(plan, resource, attachments, options));
    else if (resource.type === "aws_kms_grant") part.grants.push(grantOf(plan, resource, options));
    else if (isAliasType(resource.type)) part.aliases.push(aliasOf(plan, resource, options));
  }
  for (const resource of attachments.loose) part.keys.push(attachedPolicy(plan, resource, options));
  return {
    ...part,
    keys: settled(part.keys),
    identityPolicies: plan.resources.flatMap((resource) => identityPoliciesOf(plan, resource)),
    consumers: consumersOf(plan, options),
    shares: sharesOf(plan, options),
    secrets: plan.resources.flatMap((resource) => secretsOf(plan, resource)),
    removals: plan.deleted.flatMap((resource) => removalOf(plan, resource) ?? []),
  };
}

function removalOf(plan: Plan, resource: Resource): Removal | undefined {
  const type = keyTypes.get(resource.type);
  return type && { ...entityOf(plan, resource, new Fields(plan, resource)), kind: type.kind };
}

const show = "Run terraform show -json on a plan file, and give its output.";

function obstacleIn(parsed: Parsed): Problem | null {
  const { value } = parsed;
  if (isState(value)) return sourceProblem(parsed, "", "The file is a Terraform state, not a plan.", show);
  const version = at(value, "format_version");
  if (typeof version !== "string" || !isObject(value))
    return sourceProblem(parsed, "", "The file is not a Terraform plan: it has no format_version.", show);
  if (!/^[01](\.|$)/.test(version))
    return sourceProblem(
      parsed,
      "/format_version",
      `The plan has the format version ${version.slice(0, 40)}, and only 0 and 1 are known.`,
      "Update Keywarden, or make the plan with a version of Terraform or OpenTofu that writes format 1.",
    );
  const changes = at(value, "resource_changes");
  if (changes !== undefined && changes !== null && !Array.isArray(changes))
    return sourceProblem(parsed, "/resource_changes", "The plan's resource_changes is not a list.", show);
  return null;
}

const remarks = (parsed: Parsed): Problem[] =>
  at(parsed.value, "errored") === true
    ? [
        sourceProblem(
          parsed,
          "/errored",
          "The plan is incomplete: making it ended with an error.",
          "Repair what terraform plan reports, and make the plan anew.",
        ),
      ]
    : [];
