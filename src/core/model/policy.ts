import type { Location } from "./source.ts";
import type { Account, Relation, Value } from "./value.ts";

/**
 * `absent`: no policy is set; AWS KMS attaches the default key policy. `unresolved`: a policy is set, but none of its
 * statements can be read. `partial`: the policy comes from a data source that is read during apply. `unreadable`: the
 * string is not a policy document; `problems` contains the reasons.
 */
export interface Policy {
  state: "absent" | "unresolved" | "partial" | "resolved" | "unreadable";
  /** The missing value, if the policy is `unresolved`, `partial` or has unknown statements. */
  unknown?: { reason: string; expression: string };
  /** Address of the resource that contains the policy, if it is not the key. */
  attachedBy?: string;
  location?: Location;
  version?: Value<string | null>;
  statements: Statement[];
  /** The input does not contain all statements; `unknown` has the reason. */
  hasUnknownStatements?: true;
  problems: PolicyProblem[];
  /** Size of a policy that can be read. */
  size?: PolicySize;
  /**
   * The statements as sorted JSON strings, with sorted lists, every Region replaced by `⟨region⟩`, and without
   * locations. Used to compare policies.
   */
  canonical?: string[];
  /** Further policies that the input sets for this key. AWS KMS keeps the one that is set last. */
  otherPolicies?: OtherPolicy[];
  /** The policy is sensitive; its strings are replaced by `(sensitive)`. */
  sensitive?: boolean;
}

export interface OtherPolicy {
  resource: string;
  location: Location;
  /** The policy may turn out not to be set: its value is null, or only known to AWS. */
  conditional?: true;
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
export interface PolicySize {
  /** Size of the policy document in UTF-8 bytes, without insignificant whitespace. Unknown parts count as 0 bytes. */
  bytes: number;
  /** The policy has unknown parts, so it is larger than `bytes`. */
  isLowerBound: boolean;
  /** A character that AWS KMS rejects: any except tab, line feed, carriage return and U+0020 to U+00FF. */
  unsupportedCharacter?: { text: string; location: Location };
}

export interface PolicyProblem {
  message: string;
  location: Location;
}

/** A well-formed statement. Malformed statements are left out and reported in `problems`. */
export interface Statement {
  /** Position in the policy, from 0. */
  index: number;
  sid: string | null;
  effect: Value<"Allow" | "Deny">;
  principals: Principal[];
  /** The statement has NotPrincipal: it applies to everyone except `principals`. */
  notPrincipal: boolean;
  actions: Action[];
  /** The statement has NotAction: it applies to every action except `actions`. */
  notAction: boolean;
  /** The KMS actions that the statement covers, sorted, without prefix. Wildcards and NotAction are resolved. */
  covers: string[];
  /** The KMS actions that the statement covers only for some values of its unknown parts. */
  mayCover: string[];
  resources: string[];
  notResource: boolean;
  /** `yes` if Resource matches the key that the policy is attached to. */
  matchesKey: "yes" | "no" | "unknown";
  conditions: Condition[];
  /** Who the statement reaches, by principal and action. Empty in IAM policies. */
  access: Access[];
  location: Location;
}

/**
 * The meaning of a statement for some of its principals and actions. A property that is absent certainly does not hold.
 * For an Allow, the properties are about the requests that remain after all Deny statements of the policy.
 */
export interface Access {
  /** Positions in `principals`; empty for NotPrincipal: everyone except the principals. */
  principals: number[];
  /** KMS actions that a key policy can allow, sorted. Groups of the same principal have different actions. */
  actions: string[];
  /** The statement allows (or, for a Deny, denies) some request. */
  granted?: Truth;
  /** Callers in accounts that the policy does not name are allowed, from any network and for any source. */
  public?: Truth;
  /** A principal of the owner's account is allowed. */
  owner?: Truth;
  /** A principal of another account is allowed: the principal itself, or for everyone behind conditions, an account that they name. */
  external?: Truth;
  /** As `external`; the members of an organization that conditions name count as well. */
  beyondOwner?: Truth;
  /** A service may act for any source account or resource. */
  anySource?: Truth;
  /** Nothing restricts the grants that the principal can create. */
  anyGrant?: Truth;
  /** The grants may pass on every operation to any grantee. */
  delegation?: Truth;
  /** The key can be replicated to any Region, or any Region can become the primary's. */
  anyRegion?: Truth;
  /** The conditions hold for every request of the principals in the owner's account, before Deny statements are considered. */
  always?: Truth;
  /** For everyone behind conditions: who the conditions name, one entry for each alternative. */
  callers?: NamedCallers[];
}

/** `true`: certain. A list of causes: it depends on values that the input does not contain. */
export type Truth = true | Cause[];

/** A missing value, a string with `⟨unknown parts⟩`, or a clause. */
export type Cause = { reason: string; expression: string } | { clause: string } | string;

/** The accounts and organizations that callers, or the sources that a service acts for, belong to. */
export interface NamedCallers {
  accounts?: NamedAccount[];
  organizations?: string[];
}

export interface NamedAccount {
  /** The principal or the condition value that names the account. */
  text: string;
  account?: Account;
  relation?: Relation;
}

export interface Action {
  /** As written. */
  text: string;
  /** At least one KMS action matches, or may match because of an unknown part. */
  known: boolean;
  /** The action has no wildcard and no unknown part. */
  literal: boolean;
  /** The whole action is unknown. */
  unknown?: true;
  /** For a misspelled KMS action: the known action with the closest spelling. */
  nearest?: string;
  location: Location;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export type PrincipalKind =
  | "everyone" // "*", or a wildcard account
  | "root" // an account
  | "user"
  | "role"
  | "assumed-role"
  | "federated-user"
  | "iam" // an unknown IAM principal of the account
  | "service"
  | "federated"
  | "unique-id" // AROA…, AIDA…: the principal was deleted
  | "invalid"
  | "unknown"; // as a whole

export interface Principal {
  /** AWS, Service, Federated, CanonicalUser or another name as written; `*` for a bare star. */
  type: string;
  kind: PrincipalKind;
  text: string;
  account?: Account;
  relation?: Relation;
  partition?: Value<string>;
  /** Why the principal is invalid, as a phrase. Also set for a `root` with a malformed account ID. */
  invalidReason?: string;
  /** The principal has unknown parts. */
  partlyUnknown?: boolean;
  location: Location;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
export interface Condition {
  /** In AWS's spelling, without set prefix and IfExists: `StringEquals`. */
  operator: string;
  set?: "ForAnyValue" | "ForAllValues";
  ifExists: boolean;
  /** Another condition of the statement rejects requests without the key. */
  presenceRequired?: true;
  /** The condition key in lower case. */
  key: string;
  /** The condition key as written. */
  name: string;
  values: ConditionValue[];
  location: Location;
}

export interface ConditionValue {
  text: string;
  /** Set if the value is unknown as a whole (then no other field is set) or in part. */
  unknown?: "whole" | "part";
  /** The account that an account ID or ARN contains. */
  account?: Account;
  relation?: Relation;
  /**
   * With a Like operator: the value matches every value or every account (`*`, an ARN with a wildcard account). With an
   * IP address operator: the range is larger than a /8.
   */
  matchesEverything: boolean;
  /** The value is a policy variable that always equals the condition key, such as `${kms:CallerAccount}` for aws:PrincipalAccount. */
  comparesWithItself?: true;
}
