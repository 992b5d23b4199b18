/** Summarizes the AWS KMS cheat sheet for key policies, with the rules that check each recommendation. */
export const advice: { text: string; rules: string[] }[] = [
  {
    text: "Keep the account root statement, so that IAM policies work and administrators can always manage the key",
    rules: ["root_access_missing", "key_unmanageable", "administration_denied"],
  },
  {
    text: "Don't bypass the policy lockout safety check",
    rules: ["lockout_check_bypassed"],
  },
  {
    text: "Allow other accounts only `kms:Decrypt` and `kms:DescribeKey`",
    rules: ["cross_account_excess", "grant_cross_account"],
  },
  {
    text: "Allow other accounts to create grants only for AWS services",
    rules: ["cross_account_delegation"],
  },
  {
    text: "Use symmetric keys unless something outside AWS has to use the key",
    rules: ["unusual_key_spec"],
  },
  {
    text: "Choose key spec, key usage, origin and multi-Region property carefully: they can't be changed later",
    rules: ["immutable_change"],
  },
  {
    text: "Replicate a key only if data moves between Regions",
    rules: ["multi_region_key", "replica_region"],
  },
  {
    text: "Give every replica key its own key policy, and keep it in sync with the primary's",
    rules: ["replica_policy_missing", "replica_policy_drift"],
  },
  {
    text: "Give keys memorable aliases, in every Region of the key",
    rules: ["alias_missing", "alias_not_memorable", "replica_alias_missing"],
  },
  {
    text: "Use a key and its alias only in their own Region",
    rules: ["alias_region", "reference_region"],
  },
  {
    text: "Encrypt regulated data with customer managed keys, not with AWS managed keys",
    rules: ["regulated_data_without_cmk"],
  },
];
