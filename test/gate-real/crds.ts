import type { KubernetesObject } from "./api.ts";

interface CustomKind {
  group: string;
  kind: string;
  plural: string;
  /** The last version is the stored one. */
  versions: string[];
  namespaced: boolean;
}

const kindsOf = (
  group: string,
  versions: string[],
  namespaced: boolean,
  kinds: { [kind: string]: string },
): CustomKind[] =>
  Object.entries(kinds).map(([kind, plural]) => ({ group, kind, plural, versions, namespaced }));

const ackKinds = { Key: "keys", ReplicaKey: "replicakeys", Alias: "aliases", Grant: "grants" };
const classicKinds = { ...ackKinds, KeyPolicy: "keypolicies" };
const upboundKinds = {
  ...classicKinds,
  ExternalKey: "externalkeys",
  ReplicaExternalKey: "replicaexternalkeys",
};

/** The kinds from which ACK and Crossplane create something in AWS KMS. */
export const keyKinds: CustomKind[] = [
  ...kindsOf("kms.services.k8s.aws", ["v1alpha1"], true, ackKinds),
  ...kindsOf("kms.aws.upbound.io", ["v1beta1", "v1beta2"], false, upboundKinds),
  ...kindsOf("kms.aws.m.upbound.io", ["v1beta1"], true, upboundKinds),
  ...kindsOf("kms.aws.crossplane.io", ["v1alpha1"], false, classicKinds),
];

/** Returns a definition that accepts every field in `spec`, `status` and `data`, with a status subresource. */
export function keyKindDefinition({
  group,
  kind,
  plural,
  versions,
  namespaced,
}: CustomKind): KubernetesObject {
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? "Namespaced" : "Cluster",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: versions.map((name) => ({
        name,
        served: true,
        storage: name === versions.at(-1),
        schema: { openAPIV3Schema: { type: "object", properties: { spec: anything, status: anything } } },
        subresources: { status: {} },
      })),
    },
  };
}
