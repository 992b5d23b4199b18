/** Who makes the objects: AWS's own controllers (ACK), Crossplane's provider made from Terraform's, or its older one. */
export type Maker = "ack" | "upbound" | "classic";

const makers: { [group: string]: Maker } = {
  "kms.services.k8s.aws": "ack",
  "kms.aws.upbound.io": "upbound",
  "kms.aws.m.upbound.io": "upbound",
  "kms.aws.crossplane.io": "classic",
};

/** Where the kinds of a maker have what a key is made of. */
export interface KeyKind {
  kind: "key" | "replica";
  /** The older name comes last. */
  spec?: string[];
  /** Where no usage is given, the maker takes ENCRYPT_DECRYPT, whatever the spec; elsewhere KMS demands one. */
  usageGiven?: true;
  origin?: "AWS_KMS" | "EXTERNAL" | "field";
  keyStore?: string[];
  xksKey?: string;
  rotation?: true;
  rotationPeriod?: string;
  multiRegion?: true;
  enabled?: string;
  deletionWindow?: string;
  region?: string;
  primary?: Naming;
}

/** The fields by which an object names another one: by its id or ARN, by its name, by its labels. */
export interface Naming {
  text: string[];
  reference: string[];
  selector?: string[];
  kind: string;
}

const ack = { multiRegion: true, rotation: true, origin: "field" } as const;
const upbound = { deletionWindow: "deletionWindowInDays" } as const;
const primary = (kind: string): Naming => ({
  text: ["primaryKeyArn"],
  reference: ["primaryKeyArnRef"],
  selector: ["primaryKeyArnSelector"],
  kind,
});

const keyKinds: { [maker in Maker]: { [kind: string]: KeyKind } } = {
  ack: {
    Key: { ...ack, kind: "key", spec: ["keySpec", "customerMasterKeySpec"], keyStore: ["customKeyStoreID"] },
    ReplicaKey: {
      kind: "replica",
      region: "replicaRegion",
      primary: { text: ["keyID"], reference: ["keyRef"], kind: "Key" },
    },
  },
  upbound: {
    Key: {
      ...upbound,
      kind: "key",
      spec: ["customerMasterKeySpec"],
      usageGiven: true,
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
      usageGiven: true,
      origin: "EXTERNAL",
      multiRegion: true,
      enabled: "enabled",
    },
    ReplicaKey: { ...upbound, kind: "replica", enabled: "enabled", primary: primary("Key") },
    ReplicaExternalKey: { ...upbound, kind: "replica", enabled: "enabled", primary: primary("ExternalKey") },
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
    ReplicaKey: { ...upbound, kind: "replica", enabled: "enabled", primary: primary("Key") },
  },
};

export const keyKindOf = (maker: Maker, kind: string): KeyKind | undefined => keyKinds[maker][kind];

/** How an alias, a grant or a key policy names its key. */
export const aliasNaming: Naming = {
  text: ["targetKeyId", "targetKeyID"],
  reference: ["targetKeyIdRef", "targetKeyIDRef", "targetKeyRef"],
  selector: ["targetKeyIdSelector", "targetKeyIDSelector"],
  kind: "Key",
};

export const grantNaming: Naming = {
  text: ["keyId", "keyID"],
  reference: ["keyIdRef", "keyIDRef", "keyRef"],
  selector: ["keyIdSelector", "keyIDSelector"],
  kind: "Key",
};

export const policyNaming: Naming = grantNaming;

/** The maker of an object of KMS, by its apiVersion and kind. */
export function makerOf(apiVersion: unknown, kind: unknown): Maker | undefined {
  if (typeof apiVersion !== "string" || typeof kind !== "string") return undefined;
  const [group = "", version] = apiVersion.split("/");
  const maker = Object.hasOwn(makers, group) ? makers[group] : undefined;
  if (maker === undefined || version === undefined) return undefined;
  const isOne = Object.hasOwn(keyKinds[maker], kind) || kind === "Alias" || kind === "Grant";
  return isOne || (kind === "KeyPolicy" && maker !== "ack") ? maker : undefined;
}
