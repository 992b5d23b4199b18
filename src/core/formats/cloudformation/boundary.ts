import type { Json } from "../../model/source.ts";
import { referencesIn } from "./components.ts";
import type { EvaluationContext, TemplateResource } from "./context.ts";
import { bindName } from "./strings.ts";
import { isMap } from "./template.ts";

/**
 * Returns whether a managed policy only serves as a permissions boundary: a role or user of the template has it as its
 * boundary, and no role, user, or group of the template has it attached.
 */
export function isOnlyBoundary(context: EvaluationContext, policy: TemplateResource): boolean {
  const { type, raw } = policy;
  if (type !== "AWS::IAM::ManagedPolicy") return false;
  const own = isMap(raw.Properties) ? raw.Properties : {};
  if (["Roles", "Users", "Groups"].some((name) => own[name] !== undefined)) return false;
  const name = own.ManagedPolicyName;
  const isNamedIn = (properties: string[]): boolean =>
    [...context.resources.values()]
      .filter((other) => /^AWS::(IAM|Serverless)::/.test(other.type))
      .some((other) =>
        properties.some((property) => {
          const value = isMap(other.raw.Properties) ? other.raw.Properties[property] : undefined;
          if (value === undefined) return false;
          const references = referencesIn(value, (text) => bindName(other, text));
          return references.has(policy.id) || (typeof name === "string" && hasPolicyArn(value, name));
        }),
      );
  return isNamedIn(["PermissionsBoundary"]) && !isNamedIn(["ManagedPolicyArns", "Policies"]);
}

/** Returns whether a string in the value ends like the ARN of the managed policy with a name. */
const hasPolicyArn = (value: Json, name: string): boolean =>
  typeof value === "string"
    ? value.includes(":policy/") && value.endsWith(`/${name}`)
    : value !== null &&
      typeof value === "object" &&
      Object.values(value).some((item) => hasPolicyArn(item, name));
