import { consumerTypeOf, consumerTypes } from "../shared/consumers/consumers.ts";

/** The argument names of a key resource type. */
export interface KeyType {
  kind: "key" | "replica";
  policy: string;
  spec?: string;
  usage?: string;
  /** The argument for the key material origin. */
  origin?: string;
  /** The origin if no argument sets it. */
  fixedOrigin?: "AWS_KMS" | "EXTERNAL";
  keyStore?: boolean;
  rotation?: boolean;
  multiRegion?: boolean;
  enabled: string;
  deletionWindow: string;
  /** The format of tags: a map, to which the provider adds default tags, or a list of keys and values. */
  tags: "map" | "list";
}

const aws = { policy: "policy", deletionWindow: "deletion_window_in_days", tags: "map" } as const;
const awscc = {
  policy: "key_policy",
  enabled: "enabled",
  deletionWindow: "pending_window_in_days",
  tags: "list",
} as const;

export const keyTypes = new Map<string, KeyType>([
  [
    "aws_kms_key",
    {
      ...aws,
      kind: "key",
      spec: "customer_master_key_spec",
      usage: "key_usage",
      fixedOrigin: "AWS_KMS",
      keyStore: true,
      rotation: true,
      multiRegion: true,
      enabled: "is_enabled",
    },
  ],
  [
    "aws_kms_external_key",
    {
      ...aws,
      kind: "key",
      spec: "key_spec",
      usage: "key_usage",
      fixedOrigin: "EXTERNAL",
      multiRegion: true,
      enabled: "enabled",
    },
  ],
  ["aws_kms_replica_key", { ...aws, kind: "replica", enabled: "enabled" }],
  ["aws_kms_replica_external_key", { ...aws, kind: "replica", fixedOrigin: "EXTERNAL", enabled: "enabled" }],
  [
    "awscc_kms_key",
    {
      ...awscc,
      kind: "key",
      spec: "key_spec",
      usage: "key_usage",
      origin: "origin",
      rotation: true,
      multiRegion: true,
    },
  ],
  ["awscc_kms_replica_key", { ...awscc, kind: "replica" }],
]);

/** Resource types that refer to a key, with the argument. */
export const keyArguments = new Map([
  ["aws_kms_alias", "target_key_id"],
  ["awscc_kms_alias", "target_key_id"],
  ["aws_kms_key_policy", "key_id"],
  ["aws_kms_grant", "key_id"],
]);

export const isKeyType = (type: string): boolean => keyTypes.has(type);

export const isAliasType = (type: string): boolean => type === "aws_kms_alias" || type === "awscc_kms_alias";

/** Arguments with secrets, by resource type. Write-only arguments are omitted, because Terraform does not store them. */
export const secretArguments = new Map<string, string[][]>([
  ["aws_kms_external_key", [["key_material_base64"]]],
  ["aws_kms_replica_external_key", [["key_material_base64"]]],
  [
    "aws_kms_custom_key_store",
    [["key_store_password"], ["xks_proxy_authentication_credential", "raw_secret_access_key"]],
  ],
  ["aws_kms_ciphertext", [["plaintext"]]],
]);

const awsccPolicies = ["policies", "policy_document"];

/** Arguments with identity policies, by resource type. */
export const identityPolicyArguments = new Map<string, string[]>([
  ["aws_iam_policy", ["policy"]],
  ["aws_iam_role_policy", ["policy"]],
  ["aws_iam_user_policy", ["policy"]],
  ["aws_iam_group_policy", ["policy"]],
  ["aws_iam_role", ["inline_policy", "policy"]],
  ["aws_ssoadmin_permission_set_inline_policy", ["inline_policy"]],
  ["awscc_iam_group", awsccPolicies],
  ["awscc_iam_group_policy", ["policy_document"]],
  ["awscc_iam_managed_policy", ["policy_document"]],
  ["awscc_iam_role", awsccPolicies],
  ["awscc_iam_role_policy", ["policy_document"]],
  ["awscc_iam_user", awsccPolicies],
  ["awscc_iam_user_policy", ["policy_document"]],
  ["awscc_sso_permission_set", ["inline_policy"]],
]);

/** Arguments that attach managed policies, by resource type. */
export const policyAttachments = new Map<string, string[]>([
  ["aws_iam_policy_attachment", ["policy_arn"]],
  ["aws_iam_group_policy_attachment", ["policy_arn"]],
  ["aws_iam_group_policy_attachments_exclusive", ["policy_arns"]],
  ["aws_iam_role", ["managed_policy_arns"]],
  ["aws_iam_role_policy_attachment", ["policy_arn"]],
  ["aws_iam_role_policy_attachments_exclusive", ["policy_arns"]],
  ["aws_iam_user_policy_attachment", ["policy_arn"]],
  ["aws_iam_user_policy_attachments_exclusive", ["policy_arns"]],
  ["awscc_iam_group", ["managed_policy_arns"]],
  ["awscc_iam_role", ["managed_policy_arns"]],
  ["awscc_iam_user", ["managed_policy_arns"]],
]);

export const shareTypes = {
  share: "aws_ram_resource_share",
  resource: "aws_ram_resource_association",
  principal: "aws_ram_principal_association",
} as const;

const fixedTypes: ReadonlySet<string> = new Set([
  ...keyTypes.keys(),
  ...keyArguments.keys(),
  ...secretArguments.keys(),
  ...identityPolicyArguments.keys(),
  ...policyAttachments.keys(),
  "aws_iam_user", // for its permissions boundary
  ...Object.values(shareTypes),
]);

/** Returns whether resources of a type are read. */
export const isReadResourceType = (type: string): boolean =>
  fixedTypes.has(type) || consumerTypeOf(type) !== undefined;

/** Returns all resource types that are read. */
export const readResourceTypes = (): string[] => [
  ...fixedTypes,
  ...consumerTypes().filter((type) => /^aws(cc)?_/.test(type)),
];
