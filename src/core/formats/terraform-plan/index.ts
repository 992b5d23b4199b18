import type { Removal } from "../../model/document.ts";
import { emptyPart, type Format, type Part, type TargetOptions } from "../../model/format.ts";
import type { Json, Parsed, Problem } from "../../model/source.ts";
import { sourceProblem } from "../../parse/problem.ts";
import { aliasFromPlan } from "./alias.ts";
import { boundariesInPlan } from "./boundary.ts";
import { consumersFromPlan } from "./consumer.ts";
import { entityFromPlan, FieldReader } from "./entity.ts";
import { grantFromPlan } from "./grant.ts";
import { identityPoliciesFromPlan } from "./identity-policy.ts";
import { isObject, jsonAt, listAt } from "./json.ts";
import { attachmentsOf, keyFromPlan, standalonePolicyFromPlan } from "./key.ts";
import { withInferredOwners } from "./owner.ts";
import { Plan, type PlanResource } from "./plan.ts";
import { isAliasType, isKeyType, isReadResourceType, keyTypes } from "./resource-types.ts";
import { secretsFromPlan } from "./secret.ts";
import { sharesFromPlan } from "./share.ts";
import { unseenInPlan } from "./unseen.ts";

/** Terraform and OpenTofu plans: the output of `terraform show -json PLAN`. */
export const terraformPlan: Format = {
  name: "terraform-plan",
  detect: (value) => isPlan(value) || isState(value),
  normalize,
};

const has = (value: Json, ...keys: string[]): boolean => keys.some((key) => jsonAt(value, key) !== undefined);

const isPlan = (value: Json): boolean =>
  typeof jsonAt(value, "format_version") === "string" &&
  has(value, "resource_changes", "planned_values", "configuration", "terraform_version");

/** Returns whether the value is a state file, or the output of `terraform show -json` for a state. */
const isState = (value: Json): boolean =>
  jsonAt(value, "version") === 4
    ? Array.isArray(jsonAt(value, "resources")) && has(value, "terraform_version", "lineage", "serial")
    : isPlan(value) &&
      has(value, "values") &&
      !has(value, "resource_changes", "planned_values", "configuration");

function normalize(parsed: Parsed, options: TargetOptions): Part {
  const formatProblem = formatProblemIn(parsed);
  if (formatProblem !== null) return { ...emptyPart(), problems: [formatProblem] };
  const plan = new Plan(parsed, isReadResourceType);
  const unseen = unseenInPlan(parsed, isReadResourceType);
  return {
    ...partFromPlan(plan, options),
    problems: [...planErrors(parsed), ...plan.problems],
    ...(unseen.length === 0 ? {} : { unseen }),
  };
}

/** Returns the entities of a plan or of evaluated source, which share all lookups through `Plan`. */
export function partFromPlan(plan: Plan, options: TargetOptions): Part {
  const part = emptyPart();
  const attachments = attachmentsOf(plan);
  const boundaries = boundariesInPlan(plan);
  for (const resource of plan.resources) {
    if (isKeyType(resource.type)) part.keys.push(keyFromPlan(plan, resource, attachments, options));
    else if (resource.type === "aws_kms_grant") part.grants.push(grantFromPlan(plan, resource, options));
    else if (isAliasType(resource.type)) part.aliases.push(aliasFromPlan(plan, resource, options));
  }
  for (const resource of attachments.unattached)
    part.keys.push(standalonePolicyFromPlan(plan, resource, options));
  return {
    ...part,
    keys: withInferredOwners(part.keys),
    identityPolicies: plan.resources.flatMap((resource) =>
      identityPoliciesFromPlan(plan, resource).map((policy) =>
        boundaries.has(resource) ? { ...policy, onlyBoundary: true as const } : policy,
      ),
    ),
    consumers: consumersFromPlan(plan, options),
    shares: sharesFromPlan(plan, options),
    secrets: plan.resources.flatMap((resource) => secretsFromPlan(plan, resource)),
    removals: plan.deleted.flatMap((resource) => removalOf(plan, resource) ?? []),
  };
}

function removalOf(plan: Plan, resource: PlanResource): Removal | undefined {
  const type = keyTypes.get(resource.type);
  return type && { ...entityFromPlan(plan, resource, new FieldReader(plan, resource)), kind: type.kind };
}

const showRemedy = "Run terraform show -json on a plan file and check its output.";

function formatProblemIn(parsed: Parsed): Problem | null {
  const { value } = parsed;
  if (isState(value))
    return sourceProblem(parsed, "", "The file is a Terraform state, not a plan.", showRemedy);
  const version = jsonAt(value, "format_version");
  if (typeof version !== "string" || !isObject(value))
    return sourceProblem(
      parsed,
      "",
      "The file is not a Terraform plan: it has no format_version.",
      showRemedy,
    );
  if (!/^[01](\.|$)/.test(version))
    return sourceProblem(
      parsed,
      "/format_version",
      `The plan has format version ${version.slice(0, 40)}; Keywarden supports versions 0 and 1.`,
      "Update Keywarden, or create the plan with a Terraform or OpenTofu version that writes format 1.",
    );
  const changes = jsonAt(value, "resource_changes") ?? null;
  if (changes === null)
    return isModule(jsonAt(value, "planned_values", "root_module") ?? null)
      ? null
      : sourceProblem(
          parsed,
          "",
          "The file is not a complete Terraform plan: it has neither planned_values nor resource_changes.",
          showRemedy,
        );
  if (!Array.isArray(changes))
    return sourceProblem(
      parsed,
      "/resource_changes",
      "The resource_changes property of the plan is not a list.",
      showRemedy,
    );
  const invalid = changes.findIndex((change) => typeof jsonAt(change, "type") !== "string");
  if (invalid < 0) return null;
  return sourceProblem(
    parsed,
    `/resource_changes/${invalid}`,
    "An element of resource_changes is not the change of a resource: it has no type.",
    showRemedy,
  );
}

/** Returns whether a value is a module of `planned_values`, with the modules inside of it. */
const isModule = (value: Json): boolean =>
  isObject(value) &&
  Array.isArray(value.resources ?? []) &&
  Array.isArray(value.child_modules ?? []) &&
  listAt(value, "child_modules").every(isModule);

const planErrors = (parsed: Parsed): Problem[] =>
  jsonAt(parsed.value, "errored") === true
    ? [
        sourceProblem(
          parsed,
          "/errored",
          "The plan is incomplete because terraform plan failed.",
          "Fix the errors that terraform plan reports, and create the plan again.",
        ),
      ]
    : [];
