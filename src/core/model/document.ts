import type { Policy, Principal, Statement } from "./policy.ts";
import type { Location, UnseenPart } from "./source.ts";
import type { Account, PartialString, Value } from "./value.ts";

export type * from "./policy.ts";
export type * from "./value.ts";

/**
 * The normalized model of all keys in the inputs. Every format is converted to it, and every rule evaluates it. Arrays
 * are always present. Field names are stable within a `version`.
 */
export interface Document {
  version: 1;
  /** Date of the KMS data (actions, key specs, Regions) that the document was made with, YYYY-MM-DD. */
  dataVersion: string;
  keys: Key[];
  aliases: Alias[];
  grants: Grant[];
  identityPolicies: IdentityPolicy[];
  consumers: Consumer[];
  shares: Share[];
  secrets: Secret[];
  removals: Removal[];
  /** Parts of the inputs that were not judged. Absent if there are none. */
  unseen?: UnseenPart[];
}

/** Names of the entity lists of a document. */
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

export interface Entity {
  /** Unique in the document. Entities refer to each other by id. */
  id: string;
  /** Name in reports: Terraform address, CloudFormation logical ID, `Kind/name`, or `<policy>`. */
  resource: string;
  /** Resource type as the format names it; `policy` for a standalone key policy. */
  type: string;
  /** The template, plan or module that contains the entity. Entities of one scope share an owner account. */
  scope: string;
  /**
   * If the input leaves a choice open (a condition, a parameter without default, the owner account), an entity occurs
   * once for each outcome, with the same file and resource. A verdict applies if it is the same for all variants;
   * otherwise it is unknown. References never lead to another variant.
   */
  variant?: Variant;
  location: Location;
  /** Locations of single fields, by field name. */
  locations: { [field: string]: Location };
  /** Names of the fields that the input omits and that have AWS's default. */
  defaults: string[];
  /** The change to the entity in a plan, change set or admission request. Absent for other inputs. */
  change?: Change;
  /** Path of the CDK construct that created the resource, from the template's metadata. */
  constructPath?: string;
  /** Suppressions in tags, annotations or metadata of the resource. Absent if there are none. */
  inlineSuppressions?: InlineSuppression[];
}

/** A suppression as written; `src/core/suppress` parses it. */
export interface InlineSuppression {
  /** A string in the syntax of suppression comments, or a mapping with one name for each part. */
  value: string | object;
  location: Location;
}

export interface Variant {
  /** The choices that lead to this variant, such as `IsProd is true`. */
  assumptions: string[];
  /** Number of variants of the entity in the document. */
  total: number;
}

export interface Change {
  actions: ("no-op" | "create" | "read" | "update" | "delete" | "forget")[];
  /** The input contains only changed resources, or one object of several. Other references to the entity are unknown. */
  partialInput?: true;
  /** Values before the change, for fields that cannot be changed in place. Absent on create. */
  before?: { [field: string]: Value<string | number | boolean | null> };
}

export interface Key extends Entity {
  /** `policy`: a standalone key policy; the key itself is not in the input. */
  kind: "key" | "replica" | "policy";
  owner: Account;
  /** The ARN of the key, if the input contains it. */
  arn?: string;
  /** The key ID, if the input contains it without the ARN: in an import block. */
  keyId?: string;
  region: Value<string>;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  partition: Value<string>;
  policy: Policy;
  /** States when the key is retained if it leaves the template or module. Absent if the input cannot express it. */
  retention?: Retention;
  /** A replica has only its own properties. A standalone policy has only `bypassLockoutSafetyCheck`. */
  properties?: KeyProperties;
  /** The primary key of a replica. */
  primary?: Reference;
}

export interface Retention {
  /**
   * CloudFormation: DeletionPolicy is Retain or RetainExceptOnCreate. Terraform: prevent_destroy is true. Kubernetes:
   * deletion of the object keeps the key.
   */
  onDeletion: Value<boolean>;
  /** CloudFormation: UpdateReplacePolicy is Retain. Terraform: prevent_destroy is true. Kubernetes never replaces keys. */
  onReplacement: Value<boolean>;
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html */
export interface KeyProperties {
  /** SYMMETRIC_DEFAULT, RSA_2048, … as written. Absent for replicas. */
  spec?: Value<string>;
  usage?: Value<string>;
  /** AWS_KMS, EXTERNAL, AWS_CLOUDHSM, EXTERNAL_KEY_STORE. */
  origin?: Value<string>;
  customKeyStore?: Value<boolean>;
  /** null if not set. */
  customKeyStoreId?: Value<string | null>;
  /** The ID of an external key (XksKeyId) is set. */
  xksKey?: Value<boolean>;
  /** The key is a multi-Region primary key. */
  multiRegion?: Value<boolean>;
  rotation?: Value<boolean>;
  /** Days; null if not set. */
  rotationPeriodDays?: Value<number | null>;
  enabled?: Value<boolean>;
  /** Waiting period in days; null if not set (AWS KMS then uses 30). */
  deletionWindowDays?: Value<number | null>;
  bypassLockoutSafetyCheck?: Value<boolean>;
  /** null if not set. */
  description?: Value<string | null> | PartialString;
  /** Includes the default tags of a provider. Unknown as a whole if any tag key is unknown. */
  tags?: Value<{ [key: string]: Value<string> }>;
}

/** A reference from an entity to a key. */
export interface Reference {
  /** The reference as written or resolved; unknown if the input does not contain it. */
  text: Value<string>;
  /**
   * IDs of the keys in this document that the reference may lead to; with several, it leads to one of them. Empty if
   * the key is not in the document or not known.
   */
  keys: string[];
  /** Name of the alias, with `alias/`, if the reference uses one. `alias/aws/…` belongs to an AWS managed key. */
  alias?: string;
  /** The reference leads to a resource in the input that is not a key and does not contain a key. */
  notAKey?: true;
}

export interface Alias extends Entity {
  /** With `alias/`. Null if the provider generates the name. */
  name: Value<string | null> | PartialString;
  /** The provider appends a suffix to the name. */
  prefix: boolean;
  target: Reference;
  region: Value<string>;
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html */
export interface Grant extends Entity {
  key: Reference;
  grantee: Principal;
  retiring: Principal | null;
  operations: Value<Value<string>[]>;
  constraints: { encryptionContextEquals?: Value<object>; encryptionContextSubset?: Value<object> };
  region: Value<string>;
}

/**
 * An IAM policy that concerns keys, reduced to the statements that can cover a KMS action. The `principals` of the
 * statements are empty. `matchesKey` is `yes` if a target can be a key.
 */
export interface IdentityPolicy extends Entity {
  /** Name of the policy, if its resource contains several. */
  name?: string;
  /** The policy only serves as a permissions boundary, which grants nothing: no role, user or group has it attached. */
  onlyBoundary?: true;
  state: Policy["state"];
  unknown?: Policy["unknown"];
  statements: IdentityStatement[];
}

export interface IdentityStatement extends Statement {
  /** The targets that each value of Resource or NotResource can match, in the order of `resources`. */
  targets: Target[];
}

export interface Target {
  text: string;
  /**
   * `every-key`: `*`, or a pattern that matches at least every key of an account and Region; `key`: keys by ARN;
   * `alias`: the ARN of an alias; `alias-name` and `key-id`: identifiers that KMS accepts as KeyId, but that IAM does
   * not match; `other`: not a KMS resource; `unknown`: unknown as a whole.
   */
  kind: "every-key" | "key" | "alias" | "alias-name" | "key-id" | "other" | "unknown";
  location: Location;
}

/** A resource that can encrypt with a key. `src/core/formats/shared/consumers/` lists the types. */
export interface Consumer extends Entity {
  /** The arguments of the resource that name a key. */
  uses: KeyUse[];
  /**
   * The encryption of the stored data: `key`, the key of the main argument; `default`, an AWS owned or AWS managed key,
   * because no key is set; `inherited`, the key of another resource (a cluster, a snapshot). Absent if the resource
   * stores no data.
   */
  encryption?: Value<"key" | "default" | "inherited">;
  region: Value<string>;
  tags: Value<{ [key: string]: Value<string> }>;
}

export interface KeyUse {
  /** As the format writes it: `server_side_encryption.kms_key_arn`, `BucketEncryption.…KMSMasterKeyID`. */
  argument: string;
  key: Reference;
  /** The key encrypts the data that the resource stores, not its logs, secrets or copies. */
  main: boolean;
  /** The service accepts asymmetric keys for this argument (DNSSEC, certificates, code signing). */
  asymmetric: boolean;
  /** The key may be in another Region than the resource: that of a copy, or of the target bucket. */
  otherRegion?: true;
  /** The Region that a global service requires of the key, wherever the resource is. */
  keyRegion?: string;
  /** The access that the key policy has to give to a service, which does not use the permissions of its caller. */
  requires?: ServiceAccess;
  /** The queue or topic that encrypts with the key. The resource of this use makes a service send messages to it. */
  through?: string;
  location: Location;
}

export interface ServiceAccess {
  /** `logs.REGION.amazonaws.com` */
  service: string;
  /** Actions, without prefix. */
  actions: string[];
  /** The AWS documentation of the requirement. */
  page: string;
}

/** A resource share of AWS Resource Access Manager (RAM) that lists a key, or may list one. */
export interface Share extends Entity {
  keys: Reference[];
  /** The share accepts principals outside the organization. AWS RAM accepts them by default. */
  allowExternalPrincipals: Value<boolean>;
  /** Account IDs, and ARNs of organizations, organizational units, roles and users. */
  principals: SharePrincipal[];
}

export interface SharePrincipal {
  text: Value<string>;
  /** The account of an account ID, role or user. */
  account?: Account;
  location: Location;
}

/** An argument for secret data: key material, the password of a key store, a plaintext. */
export interface Secret extends Entity {
  /** As the format writes it. */
  argument: string;
  /** The input contains the secret as a literal, or as the default of a variable that is not sensitive. */
  literal: Value<boolean>;
}

/** A key that a plan, change set or admission request deletes. */
export interface Removal extends Entity {
  kind: "key" | "replica";
}
