/** Summarizes the AWS KMS cheat sheet for key policies, with the rules that check each recommendation. */
export const advice: { text: string; rules: string[] }[] = [
  {
    text: "Keep the statement for the account root, so that IAM policies work and the key can always be administered",
    rules: ["root_access_missing", "key_unmanageable", "administration_denied"],
  },
  {
    text: "Do not turn off the check that keeps you from locking yourself out",
    rules: ["lockout_check_bypassed"],
  },
  {
    text: "Give other accounts no more than decrypting and describing the key",
    rules: ["cross_account_excess", "grant_cross_account"],
  },
  {
    text: "Let other accounts make grants through AWS services only",
    rules: ["cross_account_delegation"],
  },
  {
    text: "Take symmetric keys unless something outside of AWS has to use the key",
    rules: ["unusual_key_spec"],
  },
  {
    text: "Decide on the spec, usage, origin and multi-Region property at the start: they cannot be changed",
    rules: ["immutable_change"],
  },
  {
    text: "Replicate a key only where data moves between Regions",
    rules: ["multi_region_key", "replica_region"],
  },
  {
    text: "Give every replica its own policy, and keep it in step with the primary's",
    rules: ["replica_policy_missing", "replica_policy_drift"],
  },
  {
    text: "Give keys aliases that people remember, in every Region of the key",
    rules: ["alias_missing", "alias_not_memorable", "replica_alias_missing"],
  },
  {
    text: "Use a key, and its alias, in the Region where it is",
    rules: ["alias_region", "reference_region"],
  },
  {
    text: "Protect regulated data with keys of your own, not with AWS managed ones",
    rules: ["regulated_data_without_cmk"],
  },
];
