import { own } from "../../model/json.ts";
import type { UnknownPartType } from "../../model/node.ts";
import type { ResourceTarget } from "./reference-targets.ts";

/** `caller`: the account ID of the caller. `principal`: an IAM role or user, but not its ARN. */
export type AttributeKind = UnknownPartType | "caller" | "principal";

/**
 * Returns the kind of value of an attribute, or undefined if it is not certain. An index on the path does not matter:
 * every element of `arns` is an ARN. The documentation of the AWS provider lists the attributes.
 */
export function attributeKind({ data, type, attribute }: ResourceTarget): AttributeKind | undefined {
  const names = attribute.split(".").filter((name) => !/^(\d+|\*)$/.test(name));
  const [path, name] = [names.join("."), names.at(-1) ?? ""];
  const table = own(kinds, type);
  if (table !== undefined) {
    const kind = own(table, path) ?? own(table, `.${name}`);
    if (kind !== undefined) return kind === "unknown" ? undefined : kind;
  }
  // A plan lists `aws_iam_role.job[*].arn` as `aws_iam_role.job`, without an attribute.
  if (path === "" && identityTypes.has(type)) return "principal";
  if (!/^aws(cc)?_/.test(type) || name === "") return undefined;
  if (/(^|_)(account|owner|registry)_id$/.test(name)) return "account-id";
  if (/(^|_)role_arn$/.test(name)) return "role-arn";
  if (isOpaqueArn(type, name)) return undefined;
  if (/^(.*(iam|issuer|role|user)_)?arn$/.test(name)) return /^arn$/.test(name) ? "arn" : "principal-arn";
  if (name === "arns" || arnNames.test(name)) return "arn";
  if (name === "name" && data) return "name";
  return name === "id" && typesWithPlainId.has(type) ? "name" : undefined;
}

/** Returns whether an ARN can be that of any resource, keys included. */
const isOpaqueArn = (type: string, name: string): boolean =>
  type === "aws_arn" || type.startsWith("aws_kms_") || type.startsWith("awscc_kms_") || /kms|key/.test(name);

const arnNames =
  /^(bucket|certificate|cluster|db_instance|distribution|execution|function|instance|invoke|invocation|layer|log_group|policy|provider|qualified|qualified_invoke|queue|stream|table|topic|vault)_arn$/;

/** Resource types whose `id` is a name or an ID that is never an ARN, an account ID or `*`. */
const typesWithPlainId = new Set([
  ...["aws_cloudwatch_log_group", "aws_dynamodb_table", "aws_eks_cluster", "aws_instance", "aws_s3_bucket"],
  ...["aws_iam_group", "aws_iam_instance_profile", "aws_iam_role", "aws_iam_user"],
  ...["aws_organizations_organization", "aws_organizations_organizational_unit", "aws_organizations_policy"],
  ...["aws_default_vpc", "aws_internet_gateway", "aws_nat_gateway", "aws_route_table", "aws_security_group"],
  ...["aws_subnet", "aws_vpc", "aws_vpc_endpoint", "aws_vpc_peering_connection", "aws_route53_zone"],
  ...["awscc_ec2_vpc", "awscc_ec2_vpc_endpoint", "awscc_organizations_organization"],
]);

/** Resource types that are IAM roles or users, and the type of their ARN. */
export const identityTypes: ReadonlyMap<string, UnknownPartType> = new Map([
  ["aws_iam_role", "role-arn"],
  ["aws_iam_service_linked_role", "role-arn"],
  ["aws_iam_user", "user-arn"],
  ["awscc_iam_role", "role-arn"],
  ["awscc_iam_user", "user-arn"],
]);

type Kinds = { [attribute: string]: AttributeKind | "unknown" };

const key: Kinds = { arn: "key-arn", key_id: "key-id", id: "key-id" };
const alias: Kinds = {
  arn: "alias-arn",
  name: "alias-name",
  alias_name: "alias-name",
  id: "alias-name",
  target_key_arn: "key-arn",
  target_key_id: "key-id",
};
const role: Kinds = { arn: "role-arn", unique_id: "name", role_id: "name", create_date: "name" };
const user: Kinds = { arn: "user-arn", unique_id: "name", user_id: "name" };
const serviceAccount: Kinds = { arn: "principal-arn", id: "account-id" };
const memberAccounts: Kinds = {
  "accounts.id": "account-id",
  "children.id": "name",
  "non_master_accounts.id": "account-id",
  "roots.id": "name",
  ".arn": "arn",
  ".name": "name",
  ".email": "name",
  ".status": "name",
};

/** The kinds of attributes by resource type. `.name` is an attribute of that name at any depth. */
const kinds: { [type: string]: Kinds } = {
  aws_caller_identity: { account_id: "caller", id: "caller", arn: "assumed-role-arn", user_id: "name" },
  aws_partition: {
    partition: "partition",
    id: "partition",
    dns_suffix: "dns-suffix",
    reverse_dns_prefix: "name",
  },
  aws_region: { name: "region", id: "region", region: "region", endpoint: "name", description: "name" },
  aws_iam_roles: { arns: "role-arn", names: "name" },
  aws_iam_users: { arns: "user-arn", names: "name" },
  aws_iam_role: role,
  aws_iam_service_linked_role: role,
  aws_iam_user: user,
  awscc_iam_role: role,
  awscc_iam_service_linked_role: role,
  awscc_iam_user: user,
  aws_iam_session_context: {
    issuer_arn: "role-arn",
    issuer_id: "name",
    issuer_name: "name",
    session_name: "name",
    arn: "principal-arn",
  },
  aws_lambda_function: { role: "role-arn" },
  aws_codebuild_project: { service_role: "role-arn" },
  aws_cloudtrail_service_account: serviceAccount,
  aws_elb_service_account: serviceAccount,
  aws_redshift_service_account: serviceAccount,
  aws_billing_service_account: serviceAccount,
  aws_cloudfront_origin_access_identity: { iam_arn: "principal-arn", id: "name" },
  aws_canonical_user_id: { id: "name", display_name: "name" },
  aws_service_principal: { name: "name", id: "name", service_name: "name", suffix: "name" },
  aws_organizations_account: { id: "account-id", parent_id: "name" },
  awscc_organizations_account: { id: "account-id" },
  aws_organizations_organization: { ...memberAccounts, master_account_arn: "arn", id: "name" },
  aws_organizations_organizational_unit: { ...memberAccounts, id: "name" },
  aws_organizations_organizational_units: memberAccounts,
  aws_organizations_organizational_unit_child_accounts: memberAccounts,
  aws_organizations_organizational_unit_descendant_accounts: memberAccounts,
  aws_organizations_organizational_unit_descendant_organizational_units: memberAccounts,
  aws_ssoadmin_instances: { arns: "arn", identity_store_ids: "name" },
  aws_s3_bucket: { arn: "arn", bucket: "name", id: "name" },
  aws_kms_key: key,
  aws_kms_external_key: key,
  aws_kms_replica_key: key,
  aws_kms_replica_external_key: key,
  awscc_kms_key: key,
  awscc_kms_replica_key: key,
  aws_kms_alias: alias,
  aws_iam_policy_document: { json: "unknown", minified_json: "unknown" },
};
