/**
 * AWS KMS facts that the evaluator needs, copied from the AWS service authorization reference as data:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
 */

const context = ["kms:encryptioncontext:*", "kms:encryptioncontextkeys"];
const crypto = ["kms:encryptionalgorithm", ...context, "kms:requestalias"];
const signing = ["kms:messagetype", "kms:signingalgorithm", "kms:requestalias"];
const mac = ["kms:macalgorithm", "kms:requestalias"];

/**
 * Key policy actions and the condition keys that each one carries besides those of all key operations. Encapsulate and
 * Decapsulate are absent: the reference does not list their keys.
 */
export const actionKeys: { readonly [action: string]: readonly string[] } = {
  CancelKeyDeletion: [],
  CreateAlias: [],
  CreateGrant: [
    ...context,
    "kms:grantconstrainttype",
    "kms:grantisforawsresource",
    "kms:grantoperations",
    "kms:granteeprincipal",
    "kms:retiringprincipal",
  ],
  Decrypt: crypto,
  DeleteAlias: [],
  DeleteImportedKeyMaterial: [],
  DeriveSharedSecret: ["kms:keyagreementalgorithm", "kms:requestalias"],
  DescribeKey: ["kms:requestalias"],
  DisableKey: [],
  DisableKeyRotation: [],
  EnableKey: [],
  EnableKeyRotation: ["kms:rotationperiodindays"],
  Encrypt: crypto,
  GenerateDataKey: crypto,
  GenerateDataKeyPair: ["kms:datakeypairspec", ...crypto],
  GenerateDataKeyPairWithoutPlaintext: ["kms:datakeypairspec", ...crypto],
  GenerateDataKeyWithoutPlaintext: crypto,
  GenerateMac: mac,
  GetKeyPolicy: [],
  GetKeyRotationStatus: [],
  GetParametersForImport: ["kms:wrappingalgorithm", "kms:wrappingkeyspec"],
  GetPublicKey: ["kms:requestalias"],
  ImportKeyMaterial: ["kms:expirationmodel"],
  ListGrants: ["kms:grantisforawsresource"],
  ListKeyPolicies: [],
  ListKeyRotations: [],
  ListResourceTags: [],
  PutKeyPolicy: ["kms:bypasspolicylockoutsafetycheck"],
  ReEncryptFrom: [...crypto, "kms:reencryptonsamekey"],
  ReEncryptTo: [...crypto, "kms:reencryptonsamekey"],
  ReplicateKey: ["kms:replicaregion"],
  RetireGrant: [...context, "kms:grantconstrainttype"],
  RevokeGrant: ["kms:grantisforawsresource"],
  RotateKeyOnDemand: [],
  ScheduleKeyDeletion: ["kms:schedulekeydeletionpendingwindowindays"],
  Sign: signing,
  SynchronizeMultiRegionKey: [],
  TagResource: ["aws:requesttag/*", "aws:tagkeys"],
  UntagResource: ["aws:tagkeys"],
  UpdateAlias: [],
  UpdateKeyDescription: [],
  UpdatePrimaryRegion: ["kms:primaryregion"],
  Verify: signing,
  VerifyMac: mac,
};

export const actions: readonly string[] = Object.keys(actionKeys);

/** Condition keys with several values: AWS requires a set operator for them. */
export const multivalued: ReadonlySet<string> = new Set([
  "kms:encryptioncontextkeys",
  "kms:grantoperations",
  "aws:principalorgpaths",
  "aws:sourceorgpaths",
  "aws:resourceorgpaths",
  "aws:calledvia",
  "aws:tagkeys",
  "aws:principalservicenameslist",
]);

/** The operations that a grant can allow. */
export const grantOperations: readonly string[] = [
  "CreateGrant",
  "Decrypt",
  "DescribeKey",
  "Encrypt",
  "GenerateDataKey",
  "GenerateDataKeyPair",
  "GenerateDataKeyPairWithoutPlaintext",
  "GenerateDataKeyWithoutPlaintext",
  "GetPublicKey",
  "ReEncryptFrom",
  "ReEncryptTo",
  "RetireGrant",
  "Sign",
  "Verify",
];

/** Actions of a service that reveal nothing without a source condition, as AWS's own CloudTrail policy has them. */
export const harmlessForServices: ReadonlySet<string> = new Set([
  "DescribeKey",
  "GetPublicKey",
  "GetKeyRotationStatus",
]);
