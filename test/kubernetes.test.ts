import assert from "node:assert/strict";
import { test } from "node:test";
import { kubernetes } from "../src/core/formats/kubernetes/index.ts";
import type { KeyProperties, Reference } from "../src/core/model/document.ts";
import type { Json } from "../src/core/model/source.ts";
import { normalizeInputs } from "../src/core/pipeline.ts";
import { ACK, CLASSIC, chartOf, documentOf, manifest, NAMESPACED, UPBOUND } from "./kubernetes-support.ts";

const object = (apiVersion: string, kind: string): Json => ({ apiVersion, kind, metadata: { name: "x" } });

const detected: [string, Json, boolean][] = [
  ["a key of ACK", object(`${ACK}/v1alpha1`, "Key"), true],
  ["a key of Crossplane", object(`${UPBOUND}/v1beta1`, "Key"), true],
  ["a namespaced replica", object(`${NAMESPACED}/v1beta1`, "ReplicaKey"), true],
  ["an alias of the classic provider", object(`${CLASSIC}/v1alpha1`, "Alias"), true],
  ["a KeyPolicy, which ACK does not have", object(`${ACK}/v1alpha1`, "KeyPolicy"), false],
  ["a key store", object(`${ACK}/v1alpha1`, "CustomKeyStore"), false],
  ["a key of something else", object("keyvault.azure.upbound.io/v1beta1", "Key"), false],
  ["the definition of the kind", object("apiextensions.k8s.io/v1", "CustomResourceDefinition"), false],
  [
    "a list",
    { apiVersion: "v1", kind: "List", items: [object("v1", "Pod"), object(`${ACK}/v1alpha1`, "Key")] },
    true,
  ],
  [
    "a list without KMS objects",
    { apiVersion: "v1", kind: "List", items: [object("v1", "Pod"), null] },
    false,
  ],
  [
    "a KeyList",
    { apiVersion: `${ACK}/v1alpha1`, kind: "KeyList", items: [object(`${ACK}/v1alpha1`, "Key")] },
    true,
  ],
  [
    "a KeyList whose items have no kind",
    { apiVersion: `${ACK}/v1alpha1`, kind: "KeyList", items: [{ metadata: { name: "orders" } }] },
    true,
  ],
  [
    "a list of one kind that is not about KMS",
    { apiVersion: "v1", kind: "PodList", items: [{ metadata: { name: "orders" } }] },
    false,
  ],
  ["an array of objects", [object("v1", "Pod"), object(`${UPBOUND}/v1beta1`, "Key")], true],
  [
    "an AdmissionReview",
    {
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      request: { object: object(`${ACK}/v1alpha1`, "Key") },
    },
    true,
  ],
  ["no object", ["Key"], false],
];

for (const [name, value, expected] of detected)
  test(`${name} is ${expected ? "" : "not "}detected`, () => {
    assert.equal(kubernetes.detect(value, { path: "x.yaml", text: "" }), expected);
  });

test("the items of a list have its apiVersion and kind", () => {
  const text = JSON.stringify({
    apiVersion: `${UPBOUND}/v1beta1`,
    kind: "ReplicaKeyList",
    items: [
      { metadata: { name: "orders" }, spec: { forProvider: { enabled: false } } },
      { apiVersion: "", kind: null, metadata: { name: "bills" } },
    ],
  });
  const { keys } = normalizeInputs([{ path: "keys.json", text, named: true }]).document;
  assert.deepEqual(
    keys.map(({ resource, kind, properties, location }) => [
      resource,
      kind,
      properties?.enabled,
      location.pointer,
    ]),
    [
      ["ReplicaKey/orders", "replica", false, "/items/0"],
      ["ReplicaKey/bills", "replica", true, "/items/1"],
    ],
  );
});

const settings: [string, string, string, string, { [field in keyof KeyProperties]?: unknown }][] = [
  ["defaults of ACK", ACK, "Key", "", { enabled: true, rotation: false, deletionWindowDays: null, tags: {} }],
  [
    "no usage for an asymmetric key: KMS requires one",
    ACK,
    "Key",
    "keySpec: RSA_4096",
    { spec: "RSA_4096", usage: undefined },
  ],
  [
    "the default usage of the provider generated from Terraform",
    UPBOUND,
    "Key",
    "customerMasterKeySpec: RSA_4096",
    { spec: "RSA_4096", usage: "ENCRYPT_DECRYPT" },
  ],
  [
    "a key store of ACK",
    ACK,
    "Key",
    "origin: AWS_CLOUDHSM\ncustomKeyStoreID: cks-1",
    { origin: "AWS_CLOUDHSM", customKeyStore: true, customKeyStoreId: "cks-1" },
  ],
  [
    "a key store of Crossplane",
    UPBOUND,
    "Key",
    "customKeyStoreId: cks-1\nxksKeyId: k",
    { origin: "EXTERNAL_KEY_STORE", customKeyStore: true, xksKey: true },
  ],
  [
    "a key for imported material",
    UPBOUND,
    "ExternalKey",
    "enabled: false",
    { origin: "EXTERNAL", enabled: false },
  ],
  [
    "strings for booleans and numbers",
    UPBOUND,
    "Key",
    'enableKeyRotation: "true"\ndeletionWindowInDays: "7"',
    { rotation: true, deletionWindowDays: 7 },
  ],
  [
    "placeholders",
    UPBOUND,
    "Key",
    "enableKeyRotation: ${ROTATE}\ndescription: of $STAGE\ntags: {team: $TEAM}",
    {
      rotation: { unknown: { reason: "filled in by another tool", expression: "ROTATE" } },
      description: { text: "of ⟨STAGE⟩", knownParts: ["of "] },
      tags: { team: { unknown: { reason: "filled in by another tool", expression: "TEAM" } } },
    },
  ],
  ["a null", UPBOUND, "Key", "enableKeyRotation: null", { rotation: false }],
];

for (const [name, group, kind, fields, expected] of settings)
  test(`key properties: ${name}`, () => {
    const [key] = documentOf(manifest(group, kind, "orders", fields)).keys;
    for (const [field, value] of Object.entries(expected))
      assert.deepEqual(key?.properties?.[field as keyof KeyProperties], value, field);
  });

const OUTSIDE = "arn:⟨partition⟩:kms:⟨region⟩:⟨account⟩:key/";
const target = (reference: Reference) => [
  reference.keys.map((id) => id.replace(/^.*\/(?=Key)/, "")),
  typeof reference.text === "string" ? reference.text : `unknown ${reference.text.unknown.expression}`,
];
const key = (name: string, metadata = "", group = UPBOUND) =>
  manifest(group, "Key", name, "region: eu-west-1", metadata);
const alias = (fields: string, metadata = "", group = UPBOUND) =>
  manifest(group, "Alias", "orders", fields, metadata);

const references: [string, { [path: string]: string }, [string[], string]][] = [
  [
    "by name, in another document",
    { "a.yaml": `${key("one")}---\n${alias("targetKeyIdRef: {name: one}")}` },
    [["Key/one"], "unknown Key/one"],
  ],
  [
    "by name, in another file",
    { "a.yaml": key("one"), "b.yaml": alias("targetKeyIdRef: {name: one}") },
    [["Key/one"], "unknown Key/one"],
  ],
  [
    "by name, the nearest of several",
    {
      "dev/key.yaml": key("one"),
      "prod/key.yaml": key("one"),
      "prod/alias.yaml": alias("targetKeyIdRef: {name: one}"),
    },
    [["Key/one"], "unknown Key/one"],
  ],
  [
    "by name, outside the input",
    { "a.yaml": alias("targetKeyIdRef: {name: one}") },
    [[], `${OUTSIDE}⟨Key/one⟩`],
  ],
  [
    "by a name in another namespace",
    {
      "a.yaml": `${key("one", "namespace: a", NAMESPACED)}---\n${alias("targetKeyIdRef: {name: one}", "namespace: b", NAMESPACED)}`,
    },
    [[], `${OUTSIDE}⟨Key/b/one⟩`],
  ],
  [
    "by a name with a placeholder",
    { "a.yaml": `${key("one")}---\n${alias("targetKeyIdRef: {name: $KEY}")}` },
    [[], `unknown ${OUTSIDE}⟨Key/$KEY⟩`],
  ],
  [
    "by the same name with a placeholder",
    { "a.yaml": `${key("$KEY")}---\n${alias("targetKeyIdRef: {name: $KEY}")}` },
    [["Key/$KEY"], "unknown Key/$KEY"],
  ],
  [
    "by labels: all matching objects",
    {
      "a.yaml": `${key("one", "labels: {app: x, tier: a}")}---\n${key("two", "labels: {app: x}")}---\n${key("three")}---\n${alias("targetKeyIdSelector: {matchLabels: {app: x}}")}`,
    },
    [["Key/one", "Key/two"], "unknown Key with app=x"],
  ],
  [
    "by a controller reference, which the cluster resolves",
    { "a.yaml": `${key("one")}---\n${alias("targetKeyIdSelector: {matchControllerRef: true}")}` },
    [[], `unknown ${OUTSIDE}⟨Key with the same controller⟩`],
  ],
  [
    "by an ID in the status of a key",
    {
      "a.yaml": `${key("one", "annotations: {crossplane.io/external-name: mrk-1}")}---\n${alias("targetKeyId: mrk-1")}`,
    },
    [["Key/one"], "mrk-1"],
  ],
  [
    "to a key that is only observed",
    {
      "a.yaml": `${key("one")}  managementPolicies: [Observe]\n---\n${alias("targetKeyIdRef: {name: one}")}`,
    },
    [[], `${OUTSIDE}⟨Key/one⟩`],
  ],
  ["to nothing", { "a.yaml": alias("region: eu-west-1") }, [[], "unknown "]],
];

for (const [name, files, expected] of references)
  test(`references: ${name}`, () => {
    const [found] = documentOf(files).aliases;
    assert.deepEqual(found && target(found.target), expected);
  });

const names: [string, string, unknown][] = [
  ["of the object", alias("region: eu-west-1"), "alias/orders"],
  [
    "by an annotation",
    alias("region: eu-west-1", "annotations: {crossplane.io/external-name: shop/x}"),
    "alias/shop/x",
  ],
  [
    "with the prefix",
    alias("region: eu-west-1", "annotations: {crossplane.io/external-name: alias/x}"),
    "alias/x",
  ],
  ["of ACK", alias("name: alias/x", "", ACK), "alias/x"],
  ["with a placeholder", alias("name: alias/$X", "", ACK), { text: "alias/⟨X⟩", knownParts: ["alias/"] }],
  [
    "generated from a prefix",
    alias("region: eu-west-1").replace("  name:", "  generateName:"),
    "alias/orders",
  ],
];

for (const [name, text, expected] of names)
  test(`alias names: ${name}`, () => {
    assert.deepEqual(documentOf(text).aliases[0]?.name, expected);
  });

const policies: [string, string, string, string?][] = [
  ["none", "region: eu-west-1", "absent"],
  [
    "JSON",
    `policy: '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}'`,
    "resolved",
  ],
  ["a placeholder", "policy: $POLICY", "unresolved", "POLICY"],
  ["a placeholder in a block", "policy: |\n  {{ .Values.policy }}", "unresolved", ".Values.policy"],
  [
    "a Terraform function call",
    "policy: |-\n  ${jsonencode({\n    Statement = []\n  })}",
    "unresolved",
    "jsonencode(…)",
  ],
  ["a placeholder for the statements", `policy: '{"Statement": \${statements}}'`, "unresolved", "statements"],
  ["placeholders that are not entire values", `policy: '{"Statement": [ \${a} \${b} ]}'`, "unresolved"],
  ["not JSON", "policy: '{]'", "unreadable"],
];

for (const [name, fields, state, expression] of policies)
  test(`policies: ${name}`, () => {
    const policy = documentOf(manifest(UPBOUND, "Key", "orders", fields)).keys[0]?.policy;
    assert.equal(policy?.state, state);
    if (expression !== undefined) assert.equal(policy?.unknown?.expression, expression);
  });

test("a KeyPolicy replaces the policy of the key that it refers to", () => {
  const text = `{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}`;
  const own = manifest(UPBOUND, "Key", "orders", `policy: '${text}'`);
  const put = manifest(
    UPBOUND,
    "KeyPolicy",
    "later",
    `keyIdRef: {name: orders}\nbypassPolicyLockoutSafetyCheck: true\npolicy: '${text}'`,
  );
  const { keys } = documentOf(`${own}---\n${put}`);
  assert.equal(keys.length, 1);
  assert.equal(keys[0]?.policy.attachedBy, "KeyPolicy/later");
  assert.deepEqual(
    keys[0]?.policy.otherPolicies?.map(({ resource }) => resource),
    ["Key/orders"],
  );
  assert.equal(keys[0]?.properties?.bypassLockoutSafetyCheck, true);
});

test("a KeyPolicy that may apply to several keys makes each of their policies unknown", () => {
  const labelled = "labels: {app: x}";
  const put = manifest(UPBOUND, "KeyPolicy", "p", "keyIdSelector: {matchLabels: {app: x}}\npolicy: $P");
  const { keys } = documentOf(`${key("one", labelled)}---\n${key("two", labelled)}---\n${put}`);
  assert.deepEqual(
    keys.map(({ resource, kind, policy }) => [resource, kind, policy.state]),
    [
      ["Key/one", "key", "unresolved"],
      ["Key/two", "key", "unresolved"],
      ["KeyPolicy/p", "policy", "unresolved"],
    ],
  );
});

test("the annotations of a namespace determine the Region and the account of ACK objects", () => {
  const space = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations: {services.k8s.aws/default-region: eu-west-1, services.k8s.aws/owner-account-id: "111122223333"}
`;
  const [found] = documentOf(`${space}---\n${manifest(ACK, "Key", "orders", "", "namespace: shop")}`).keys;
  assert.deepEqual([found?.region, found?.owner], ["eu-west-1", "111122223333"]);
});

const retained = "annotations: {services.k8s.aws/deletion-policy: retain}";
const namespaceWith = (policy: string) =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations: {kms.services.k8s.aws/deletion-policy: ${policy}}\n---\n`;
const retention: [string, string, boolean | "unknown"][] = [
  ["ACK's default", manifest(ACK, "Key", "k", ""), false],
  ["an annotation", manifest(ACK, "Key", "k", "", retained), true],
  [
    "a namespace annotation",
    namespaceWith("retain") + manifest(ACK, "Key", "k", "", "namespace: shop"),
    true,
  ],
  [
    "an annotation overrides a namespace annotation",
    namespaceWith("delete") + manifest(ACK, "Key", "k", "", `namespace: shop\n${retained}`),
    true,
  ],
  [
    "an annotation with a placeholder",
    manifest(ACK, "Key", "k", "", retained.replace("retain", "$KEEP")),
    "unknown",
  ],
  ["Crossplane's default", key("k"), false],
  ["a deletion policy", `${key("k")}  deletionPolicy: Orphan\n`, true],
  ["a deletion policy with a placeholder", `${key("k")}  deletionPolicy: $KEEP\n`, "unknown"],
  ["no management policy to delete", `${key("k")}  managementPolicies: [Create, Observe]\n`, true],
  [
    "management policies with a placeholder",
    `${key("k")}  managementPolicies: [Observe, $MORE]\n`,
    "unknown",
  ],
  ["nulls", `${key("k")}  managementPolicies: null\n  deletionPolicy: null\n`, false],
];

for (const [name, text, expected] of retention)
  test(`deletion of an object: ${name}: retained is ${expected}`, () => {
    const kept = documentOf(text).keys[0]?.retention?.onDeletion;
    assert.equal(typeof kept === "object" ? "unknown" : kept, expected);
  });

test("a role in the same file belongs to the key's account", () => {
  const role = "apiVersion: iam.aws.upbound.io/v1beta1\nkind: Role\nmetadata: {name: worker}\n";
  const grant = manifest(
    UPBOUND,
    "Grant",
    "g",
    "keyIdRef: {name: one}\ngranteePrincipalRef: {name: worker}\noperations: [Decrypt]",
  );
  const [found] = documentOf(`${role}---\n${key("one")}---\n${grant}`).grants;
  assert.deepEqual([found?.grantee.kind, found?.grantee.relation], ["role", "owner"]);
});

test("a role in the same file belongs to the key's account, also if that account is unknown", () => {
  const role = "apiVersion: iam.aws.upbound.io/v1beta1\nkind: Role\nmetadata: {name: worker}\n";
  const reader = (account: string) => ({
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:role/reader` },
    Action: "kms:Decrypt",
    Resource: "*",
  });
  const policy = { Version: "2012-10-17", Statement: [reader("111122223333"), reader("444455556666")] };
  const grant = manifest(
    UPBOUND,
    "Grant",
    "g",
    "keyIdRef: {name: one}\ngranteePrincipalRef: {name: worker}\noperations: [Encrypt]",
  );
  for (const fields of ["", `policy: ${JSON.stringify(JSON.stringify(policy))}`]) {
    const [found] = documentOf(
      `${role}---\n${manifest(UPBOUND, "Key", "one", `region: eu-west-1\n${fields}`)}---\n${grant}`,
    ).grants;
    assert.equal(found?.grantee.relation, "owner", fields);
  }
});

test("fields absent from an object that adopts a key are unknown", () => {
  const [found] = documentOf(
    manifest(ACK, "Key", "k", "", "annotations: {services.k8s.aws/adoption-policy: adopt}"),
  ).keys;
  assert.deepEqual(found?.properties?.rotation, {
    unknown: {
      reason: "the object adopts an existing resource",
      expression: "services.k8s.aws/adoption-policy",
    },
  });
});

const noFields: [string, string, RegExp | undefined][] = [
  ["no spec", "", undefined],
  ["an empty spec", "spec: {}", undefined],
  ["a spec without a value", "spec:", undefined],
  ["a spec that is text", "spec: key", /^The field \.spec of Key\/k is not an object\.$/],
  ["a spec that is a list", "spec: [policy]", /^The field \.spec of Key\/k is not an object\.$/],
  [
    "fields that are text",
    "spec: {forProvider: region}",
    /^The field \.spec\.forProvider of Key\/k is not an object\.$/,
  ],
  ["a spec that a tool fills in", "spec: ${SPEC}", undefined],
];

for (const [name, spec, problem] of noFields)
  test(`an object with ${name} ${problem ? "is a problem" : "is a key"}`, () => {
    const text = `apiVersion: ${UPBOUND}/v1beta1\nkind: Key\nmetadata: {name: k}\n${spec}\n`;
    const { document, problems } = normalizeInputs([{ path: "key.yaml", text }]);
    assert.deepEqual([document.keys.length, problems.length], problem ? [0, 1] : [1, 0]);
    if (problem) assert.match(problems[0]?.message ?? "", problem);
  });

test("two objects with the same name are two keys", () => {
  const { keys } = documentOf(`${key("one")}---\n${key("one")}`);
  assert.equal(new Set(keys.map(({ id }) => id)).size, 2);
});

test("kro templates are read", () => {
  const graph = `apiVersion: kro.run/v1alpha1
kind: ResourceGraphDefinition
metadata: {name: g}
spec:
  resources:
    - id: key
      template:
        apiVersion: ${ACK}/v1alpha1
        kind: Key
        metadata: {name: "\${schema.spec.name}"}
        spec: {enableKeyRotation: "\${schema.spec.rotate}"}
`;
  const [found] = documentOf(graph).keys;
  assert.equal(found?.resource, "Key/${schema.spec.name}");
  assert.equal(typeof found?.properties?.rotation, "object");
});

const chart = (spec: string) =>
  chartOf(
    `{{- if .Values.kms }}\napiVersion: ${ACK}/v1alpha1\nkind: Key\nmetadata:\n  name: {{ .Values.name }}\n  labels:\n    {{- include "labels" . | nindent 4 }}\nspec:\n${spec}\n{{- end }}\n`,
  ).keys[0];

const charts: [string, string, { [field: string]: "unknown" | Json }][] = [
  ["a value", "  enableKeyRotation: {{ .Values.rotate }}", { rotation: "unknown", multiRegion: false }],
  [
    "a value next to an action",
    "  enableKeyRotation: true\n  description: {{ quote .Values.text }}",
    { rotation: true, description: "unknown" },
  ],
  [
    "a conditional field",
    "  {{- if .Values.x }}\n  enableKeyRotation: true\n  {{- end }}\n  multiRegion: true",
    { rotation: "unknown", multiRegion: true, spec: "SYMMETRIC_DEFAULT" },
  ],
  [
    "two branches",
    "  {{- if .Values.x }}\n  enableKeyRotation: true\n  {{- else }}\n  enableKeyRotation: false\n  multiRegion: true\n  {{- end }}",
    { rotation: "unknown", multiRegion: "unknown", enabled: true },
  ],
  [
    "the entire value of a field",
    "  enableKeyRotation: true\n  tags:\n    {{- toYaml .Values.tags | nindent 4 }}",
    { tags: "unknown", rotation: true, multiRegion: false },
  ],
  [
    "part of the value of a field",
    "  tags:\n    - tagKey: a\n      tagValue: b\n    {{- toYaml .Values.tags | nindent 4 }}\n  enableKeyRotation: true",
    { tags: "unknown", rotation: true },
  ],
  ["all fields", "  {{- toYaml .Values.spec | nindent 2 }}", { rotation: "unknown", tags: "unknown" }],
  [
    "additional fields",
    "  enableKeyRotation: true\n  {{- toYaml .Values.more | nindent 2 }}",
    { rotation: true, tags: "unknown" },
  ],
  ["a comment", "  {{- /* nothing */}}\n  enableKeyRotation: true", { rotation: true, tags: {} }],
];

for (const [name, spec, expected] of charts)
  test(`Helm template: ${name}`, () => {
    const found = chart(spec)?.properties as { [field: string]: Json } | undefined;
    for (const [field, value] of Object.entries(expected)) {
      const is = found?.[field] as { unknown?: object } | undefined;
      assert.deepEqual(
        value === "unknown" ? is?.unknown !== undefined : is,
        value === "unknown" ? true : value,
        field,
      );
    }
  });

test("a policy in a Helm template keeps its locations", () => {
  const found = chart(
    `  policy: |\n    {"Statement": [\n      {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::{{ .Values.account }}:root"},\n       "Action": "kms:*", "Resource": "*"}]}`,
  );
  assert.equal(found?.policy.state, "resolved");
  const [principal] = found?.policy.statements[0]?.principals ?? [];
  assert.deepEqual([principal?.text, principal?.location.line], ["arn:aws:iam::⟨.Values.account⟩:root", 11]);
});
