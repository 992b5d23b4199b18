import type { Location } from "./source.ts";

/**
 * What Keywarden knows about the keys of its inputs: the one shape that every format is turned into and that
 * every rule reads. Arrays are always present. Field names are stable within a `version`.
 */
export interface Document {
  version: 1;
  /** Date of the KMS facts (actions and the like) that this document was made with, YYYY-MM-DD. */
  dataVersion: string;
  keys: Key[];
  aliases: Alias[];
  grants: Grant[];
  identityPolicies: IdentityPolicy[];
  consumers: Consumer[];
  shares: Share[];
  secrets: Secret[];
  removals: Removal[];
}

/** The lists of a document. */
export const entityKinds = [
  "keys",
  "aliases",
  "grants",
  "identityPolicies",
  "consumers",
  "shares",
  "secrets",
  "removals",
] as const;

export const entitiesIn = (document: Pick<Document, (typeof entityKinds)[number]>): Entity[] =>
  entityKinds.flatMap((kind): Entity[] => document[kind]);

/** Stands where a value would stand that the input does not hold. Never equal to anything. */
export interface Unknown {
  unknown: {
    /** Why: "known only after apply", "parameter without default", … */
    reason: string;
    /** The reference as it is written. */
    expression: string;
  };
}

/**
 * A string of which parts are unknown. The unknown parts stand as `⟨expression⟩` in `text`;
 * `known` are the parts around them.
 */
export interface PartialString {
  text: string;
  knownParts: string[];
}

export type Value<T> = T | Unknown;

export interface Entity {
  /** Unique in the document. Links between entities are ids. */
  id: string;
  /** What a report calls it: Terraform address, CloudFormation logical id, `Kind/name`, `<policy>`. */
  resource: string;
  /** The type as the format names it; `policy` for a bare key policy. */
  type: string;
  /** The template, plan or module that it stands in: its entities share an owner. */
  scope: string;
  /**
   * Where the input leaves a choice open (a condition, a parameter without default, the owner), an entity appears
   * once for each outcome, with the same file and resource. A rule's verdict holds where all variants agree;
   * otherwise it is unknown. Links stay inside a variant.
   */
  variant?: Variant;
  location: Location;
  /** Where single fields stand, by their name here. */
  locations: { [field: string]: Location };
  /** Names of the fields that the input leaves out and that hold AWS's default. */
  defaults: string[];
  /** What a plan, a change set or a request for admission does to it. Absent where the input is none. */
  change?: Change;
  /** The path of the CDK's construct that it was made from, as the template says. */
  constructPath?: string;
  /** Findings that it says do not count: in its tags, annotations or metadata. Absent where there are none. */
  inlineSuppressions?: InlineSuppression[];
}

/** As it is written; `src/core/suppress` reads it. */
export interface InlineSuppression {
  /** In the syntax of comments, or with a name for each part. */
  value: string | object;
  location: Location;
}

export interface Variant {
  /** The choices that lead here, such as `IsProd is true`. */
  assumptions: string[];
  /** How many variants of the entity the document has. */
  total: number;
}

export interface Change {
  actions: ("no-op" | "create" | "read" | "update" | "delete" | "forget")[];
  /** The input lists only what changes, or one object of several: what else refers to the entity is out of sight. */
  partialInput?: true;
  /** The values before the change of the fields that cannot be changed in place. Absent on create. */
  before?: { [field: string]: Value<string | number | boolean | null> };
}

/**
 * An AWS account: twelve digits; `self`, the owner by a symbol (`AWS::AccountId`, `aws_caller_identity`);
 * or unknown. Malformed ids stay as written.
 */
export type Account = Value<string>;

/** How an account stands to the owner of the key. */
export type Relation = "owner" | "external" | "unknown";

export interface Key extends Entity {
  /** `policy`: a bare key policy, of which nothing else is known. */
  kind: "key" | "replica" | "policy";
  owner: Account;
  /** The key's own ARN, where the input holds it. */
  arn?: string;
  region: Value<string>;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  partition: Value<string>;
  policy: Policy;
  /** Whether the key stays when it leaves the template or configuration. Absent where the input cannot say. */
  retention?: Retention;
  /** A replica has those of its own only; of a bare policy only the check that setting it may bypass. */
  properties?: KeyProperties;
  /** Of a replica: its primary. */
  primary?: Reference;
}

export interface Retention {
  /**
   * DeletionPolicy is Retain or RetainExceptOnCreate; in Terraform, prevent_destroy is true; in Kubernetes the object's
   * deletion leaves the key.
   */
  onDeletion: Value<boolean>;
  /** UpdateReplacePolicy is Retain; in Terraform, prevent_destroy is true. Nothing in Kubernetes replaces keys. */
  onReplacement: Value<boolean>;
}

export interface KeyProperties {
  /** SYMMETRIC_DEFAULT, RSA_2048, … as written. Absent in replicas. */
  spec?: Value<string>;
  usage?: Value<string>;
  /** AWS_KMS, EXTERNAL, AWS_CLOUDHSM, EXTERNAL_KEY_STORE. */
  origin?: Value<string>;
  customKeyStore?: Value<boolean>;
  /** null where not given. */
  customKeyStoreId?: Value<string | null>;
  /** Whether the id of a key outside AWS is given. */
  xksKey?: Value<boolean>;
  /** The key is the primary of a multi-Region set. */
  multiRegion?: Value<boolean>;
  rotation?: Value<boolean>;
  /** Days; null where not given. */
  rotationPeriodDays?: Value<number | null>;
  enabled?: Value<boolean>;
  /** Days; null where not given (AWS then takes 30). */
  deletionWindowDays?: Value<number | null>;
  bypassLockoutSafetyCheck?: Value<boolean>;
  /** null where not given. */
  description?: Value<string | null> | PartialString;
  /** Also the tags that a provider adds by default; unknown as a whole where any key is unknown. */
  tags?: Value<{ [key: string]: Value<string> }>;
}

/** A key as another entity names it. */
export interface Reference {
  /** The text as written or resolved; unknown where the input does not hold it. */
  text: Value<string>;
  /** Ids of the keys of this document that it is, or, when there are several, one of which it is. Empty: none of them, or not known. */
  keys: string[];
  /** Where it is known by an alias: the alias's name, with `alias/`. One below `alias/aws/` is of a key that AWS manages. */
  alias?: string;
  /** It is an attribute of a resource of the input that is no key and tells of none. */
  notAKey?: true;
}

/**
 * `absent`: none is given, AWS attaches its default. `unresolved`: there is one, and no statement of it can be read.
 * `partial`: read from a data source that apply still has to read. `unreadable`: the text is no policy document;
 * `problems` says why.
 */
export interface Policy {
  state: "absent" | "unresolved" | "partial" | "resolved" | "unreadable";
  /** What the input does not contain: of a policy that is `unresolved`, `partial` or has unknown statements. */
  unknown?: { reason: string; expression: string };
  /** The address of the resource that holds the policy, where it is not the key's own. */
  attachedBy?: string;
  location?: Location;
  version?: Value<string | null>;
  statements: Statement[];
  /** The input does not contain all statements; `unknown` says why. */
  hasUnknownStatements?: true;
  problems: PolicyProblem[];
  /** Of a policy that can be read. */
  size?: PolicySize;
  /** The statements with sorted lists and every Region written `⟨region⟩`, for comparing policies: sorted texts without positions. */
  canonical?: string[];
  /** Further policies that the input gives this key. AWS keeps the one that is put last. */
  otherPolicies?: OtherPolicy[];
  /** Texts of this policy are sensitive and stand here as `(sensitive)`. */
  sensitive?: boolean;
}

export interface OtherPolicy {
  resource: string;
  location: Location;
  /** Set where it may come out as none: its value is null, or only what AWS has. */
  conditional?: true;
}

export interface PolicySize {
  /** Of the document without the white space between its parts, in UTF-8. Unknown parts count nothing. */
  bytes: number;
  /** Parts are unknown: it is larger than that. */
  isLowerBound: boolean;
  /** A character that KMS does not take: all but tab, line feed, carriage return and U+0020 to U+00FF. */
  unsupportedCharacter?: { text: string; location: Location };
}

export interface PolicyProblem {
  message: string;
  location: Location;
}

/** A well-formed statement. Malformed ones are left out and described in `problems`. */
export interface Statement {
  /** Position in the document, from 0. */
  index: number;
  sid: string | null;
  effect: Value<"Allow" | "Deny">;
  principals: Principal[];
  /** The principals are those of NotPrincipal: everyone but them is meant. */
  notPrincipal: boolean;
  actions: Action[];
  /** The actions are those of NotAction: every action but them is meant. */
  notAction: boolean;
  /** The KMS actions that the statement covers, sorted, without prefix. A wildcard is resolved, NotAction too. */
  covers: string[];
  /** The KMS actions that it covers only for some values of what is unknown. */
  mayCover: string[];
  resources: string[];
  notResource: boolean;
  /** Whether Resource matches the key that the policy is attached to. */
  matchesKey: "yes" | "no" | "unknown";
  conditions: Condition[];
  location: Location;
}

export interface Action {
  /** As written. */
  text: string;
  /** At least one KMS action matches; true also where unknown parts leave it open. */
  known: boolean;
  /** Written out: no wildcard, no unknown part. */
  literal: boolean;
  /** Nothing of it is known. */
  unknown?: true;
  /** Of an action that is not known and names no other service: the known one that is spelled most like it. */
  nearest?: string;
  location: Location;
}

export type PrincipalKind =
  | "everyone" // "*", or a wildcard account
  | "root" // an account
  | "user"
  | "role"
  | "assumed-role"
  | "federated-user"
  | "iam" // of the account, which of these is unknown
  | "service"
  | "federated"
  | "unique-id" // AROA…, AIDA…: the principal was deleted
  | "invalid"
  | "unknown"; // as a whole

export interface Principal {
  /** AWS, Service, Federated, CanonicalUser or what is written there; `*` for the bare star. */
  type: string;
  kind: PrincipalKind;
  text: string;
  account?: Account;
  relation?: Relation;
  partition?: Value<string>;
  /** Of `invalid`: why, as a phrase. A root with a malformed account id is of kind `root` and has this too. */
  invalidReason?: string;
  /** Unknown parts in it. */
  partlyUnknown?: boolean;
  location: Location;
}

export interface Condition {
  /** As written, in AWS's spelling, without set prefix and IfExists: `StringEquals`. */
  operator: string;
  set?: "ForAnyValue" | "ForAllValues";
  ifExists: boolean;
  /** Another condition of the statement refuses requests that lack the key. */
  presenceRequired?: true;
  /** Lower case. */
  key: string;
  /** As written. */
  name: string;
  values: ConditionValue[];
  location: Location;
}

export interface ConditionValue {
  text: string;
  /** Unknown as a whole (then nothing else is known), or in parts. */
  unknown?: "whole" | "part";
  /** Of account ids and ARNs: the account that is named. */
  account?: Account;
  relation?: Relation;
  /**
   * Under a Like operator it matches every value, or every account (`*`, an ARN whose account is a wildcard);
   * an address range is wider than a /8.
   */
  matchesEverything: boolean;
}

export interface Alias extends Entity {
  /** With `alias/`. Null: the provider makes one up. */
  name: Value<string | null> | PartialString;
  /** The name is a prefix to which a suffix is added. */
  prefix: boolean;
  target: Reference;
  region: Value<string>;
}

export interface Grant extends Entity {
  key: Reference;
  grantee: Principal;
  retiring: Principal | null;
  operations: Value<Value<string>[]>;
  constraints: { encryptionContextEquals?: Value<object>; encryptionContextSubset?: Value<object> };
  region: Value<string>;
}

/**
 * An IAM policy that concerns keys: the statements that can cover a KMS action. Their `principals` are empty and
 * `onKey` is `yes` where a target can be a key.
 */
export interface IdentityPolicy extends Entity {
  /** The policy's own name where it is one of several in a resource. */
  name?: string;
  state: Policy["state"];
  unknown?: Policy["unknown"];
  statements: IdentityStatement[];
}

export interface IdentityStatement extends Statement {
  /** What Resource, or NotResource, can match, in the order of `resources`. */
  targets: Target[];
}

export interface Target {
  text: string;
  /**
   * `every-key`: `*`, or a pattern that matches every key of an account and Region at least; `key`: some keys, by their
   * ARN; `alias`: the ARN of an alias; `alias-name` and `key-id`: what KMS takes as KeyId and IAM does not match;
   * `other`: nothing of KMS; `unknown`: not known as a whole.
   */
  kind: "every-key" | "key" | "alias" | "alias-name" | "key-id" | "other" | "unknown";
  location: Location;
}

/** A resource that can encrypt with a key: one of the types in `src/core/formats/shared/consumers/`. */
export interface Consumer extends Entity {
  /** The arguments that name a key, as far as they are written. */
  uses: KeyUse[];
  /**
   * What encrypts the data that it stores: the key of its main argument; `default` where none is written, so that AWS
   * takes a key of its own; `inherited` where another resource decides (a cluster, a snapshot). Absent where it stores
   * nothing.
   */
  encryption?: Value<"key" | "default" | "inherited">;
  region: Value<string>;
  tags: Value<{ [key: string]: Value<string> }>;
}

export interface KeyUse {
  /** As the format writes it: `server_side_encryption.kms_key_arn`, `BucketEncryption.…KMSMasterKeyID`. */
  argument: string;
  key: Reference;
  /** It encrypts the data that the resource stores, not its logs, secrets or copies. */
  main: boolean;
  /** The service takes keys that are not symmetric here (DNSSEC, certificates, code signing). */
  asymmetric: boolean;
  /** The key is one of the Region of something else: of a copy, or of the bucket that is written to. */
  otherRegion?: true;
  location: Location;
}

/** A share of Resource Access Manager that lists a key, or may. */
export interface Share extends Entity {
  keys: Reference[];
  /** Whether accounts outside of the organisation can be given the share; AWS's default is that they can. */
  allowExternalPrincipals: Value<boolean>;
  /** Account ids, ARNs of organisations, units, roles and users. */
  principals: SharePrincipal[];
}

export interface SharePrincipal {
  text: Value<string>;
  /** Of accounts, users and roles. */
  account?: Account;
  location: Location;
}

/** An argument that takes something secret: key material, the password of a key store, a plaintext. */
export interface Secret extends Entity {
  /** As the format writes it. */
  argument: string;
  /** It is written out in the input, as a literal or as the default of a variable that is not sensitive. */
  literal: Value<boolean>;
}

/** A key that a plan, a change set or a request for admission takes away. */
export interface Removal extends Entity {
  kind: "key" | "replica";
}
