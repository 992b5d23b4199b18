/** AWS Controllers for Kubernetes (ACK), the Crossplane provider generated from Terraform, or the classic one. */
export type Controller = "ack" | "upbound" | "classic";

const controllersByGroup: { [group: string]: Controller } = {
  "kms.services.k8s.aws": "ack",
  "kms.aws.upbound.io": "upbound",
  "kms.aws.m.upbound.io": "upbound",
  "kms.aws.crossplane.io": "classic",
};

/** The fields of a key kind that a controller defines. */
export interface KeyKind {
  kind: "key" | "replica";
  /** The older name comes last. */
  spec?: string[];
  /** The controller sets ENCRYPT_DECRYPT for every spec by default. Otherwise, KMS requires a usage. */
  defaultUsage?: true;
  origin?: "AWS_KMS" | "EXTERNAL" | "field";
  keyStore?: string[];
  xksKey?: string;
  rotation?: true;
  rotationPeriod?: string;
  multiRegion?: true;
  enabled?: string;
  deletionWindow?: string;
  region?: string;
  primary?: KeyReferenceFields;
}

/** The fields by which an object refers to another one: by ID or ARN, by name, and by labels. */
export interface KeyReferenceFields {
  value: string[];
  reference: string[];
  selector?: string[];
  kind: string;
}

const ack = { multiRegion: true, rotation: true, origin: "field" } as const;
const upbound = { deletionWindow: "deletionWindowInDays" } as const;
const primaryReference = (kind: string): KeyReferenceFields => ({
  value: ["primaryKeyArn"],
  reference: ["primaryKeyArnRef"],
  selector: ["primaryKeyArnSelector"],
  kind,
});

const keyKinds: { [controller in Controller]: { [kind: string]: KeyKind } } = {
  ack: {
    Key: { ...ack, kind: "key", spec: ["keySpec", "customerMasterKeySpec"], keyStore: ["customKeyStoreID"] },
    ReplicaKey: {
      kind: "replica",
      region: "replicaRegion",
      primary: { value: ["keyID"], reference: ["keyRef"], kind: "Key" },
    },
  },
  upbound: {
    Key: {
      ...upbound,
      kind: "key",
      spec: ["customerMasterKeySpec"],
      defaultUsage: true,
      origin: "AWS_KMS",
      keyStore: ["customKeyStoreId"],
      xksKey: "xksKeyId",
      rotation: true,
      rotationPeriod: "rotationPeriodInDays",
      multiRegion: true,
      enabled: "isEnabled",
    },
    ExternalKey: {
      ...upbound,
      kind: "key",
      spec: ["keySpec"],
      defaultUsage: true,
      origin: "EXTERNAL",
      multiRegion: true,
      enabled: "enabled",
    },
    ReplicaKey: { ...upbound, kind: "replica", enabled: "enabled", primary: primaryReference("Key") },
    ReplicaExternalKey: {
      ...upbound,
      kind: "replica",
      enabled: "enabled",
      primary: primaryReference("ExternalKey"),
    },
  },
  classic: {
    Key: {
      ...ack,
      kind: "key",
      spec: ["keySpec", "customerMasterKeySpec"],
      keyStore: ["customKeyStoreId", "customKeyStoreID"],
      enabled: "enabled",
      deletionWindow: "pendingWindowInDays",
    },
    ReplicaKey: { ...upbound, kind: "replica", enabled: "enabled", primary: primaryReference("Key") },
  },
};

export const keyKindOf = (controller: Controller, kind: string): KeyKind | undefined =>
  keyKinds[controller][kind];

/** The fields by which an alias, a grant, or a key policy refers to its key. */
export const aliasTargetFields: KeyReferenceFields = {
  value: ["targetKeyId", "targetKeyID"],
  reference: ["targetKeyIdRef", "targetKeyIDRef", "targetKeyRef"],
  selector: ["targetKeyIdSelector", "targetKeyIDSelector"],
  kind: "Key",
};

export const grantKeyFields: KeyReferenceFields = {
  value: ["keyId", "keyID"],
  reference: ["keyIdRef", "keyIDRef", "keyRef"],
  selector: ["keyIdSelector", "keyIDSelector"],
  kind: "Key",
};

export const policyKeyFields: KeyReferenceFields = grantKeyFields;

/** Returns the controller of a KMS object, by apiVersion and kind; undefined for other objects. */
export function controllerOf(apiVersion: unknown, kind: unknown): Controller | undefined {
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  const [group = "", version] = apiVersion.split("/");
  const controller = Object.hasOwn(controllersByGroup, group) ? controllersByGroup[group] : undefined;
  if (controller === undefined || version === undefined) return undefined;
  const isKnownKind = Object.hasOwn(keyKinds[controller], kind) || kind === "Alias" || kind === "Grant";
  return isKnownKind || (kind === "KeyPolicy" && controller !== "ack") ? controller : undefined;
}
