import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { loadEngine } from "../src/core/engine/engine.ts";
import { kubernetes } from "../src/core/formats/kubernetes/index.ts";
import type { Document } from "../src/core/model/document.ts";
import type { RuleInfo } from "../src/core/model/report.ts";
import type { Json } from "../src/core/model/source.ts";
import { checkInputs } from "../src/core/pipeline.ts";
import { ACK, CLASSIC, documentOf, NAMESPACED, UPBOUND } from "./kubernetes-support.ts";

type Fields = { [name: string]: Json };

/** Returns a KMS object with fields in `forProvider` or, for ACK, in `spec`. */
const object = (
  group: string,
  kind: string,
  fields: Fields,
  rest: Fields = {},
  metadata: Fields = {},
): Fields => ({
  apiVersion: `${group}/v1beta1`,
  kind,
  metadata: { name: "orders", ...metadata },
  spec: group === ACK ? { ...fields, ...rest } : { forProvider: { region: "eu-west-1", ...fields }, ...rest },
});

const review = (operation: string, now: Json, before: Json): Fields => ({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  request: { uid: "1", operation, object: now, oldObject: before },
});

const read = (request: Json): Document => documentOf(JSON.stringify(request));

test("a created object is read as it will be", () => {
  const { keys, removals } = read(review("CREATE", object(ACK, "Key", { enableKeyRotation: true }), null));
  assert.deepEqual(removals, []);
  assert.deepEqual(
    keys.map(({ resource, properties: settings, change, location }) => [
      resource,
      settings?.rotation,
      change,
      location.pointer,
    ]),
    [["Key/orders", true, { actions: ["create"], partialInput: true }, "/request/object"]],
  );
});

const nothing = { origin: "AWS_KMS", customKeyStoreId: null };
/** The kind of object, its fields before the update, and the expected immutable properties. */
const changed: [string, string, Fields, Fields][] = [
  [
    ACK,
    "Key",
    { keySpec: "RSA_2048", keyUsage: "SIGN_VERIFY" },
    { ...nothing, spec: "RSA_2048", usage: "SIGN_VERIFY", multiRegion: false },
  ],
  [
    ACK,
    "Key",
    { origin: "AWS_CLOUDHSM", customKeyStoreID: "cks-1" },
    {
      spec: "SYMMETRIC_DEFAULT",
      usage: "ENCRYPT_DECRYPT",
      origin: "AWS_CLOUDHSM",
      customKeyStoreId: "cks-1",
      multiRegion: false,
    },
  ],
  [
    UPBOUND,
    "Key",
    { customerMasterKeySpec: "RSA_2048", multiRegion: true },
    { ...nothing, spec: "RSA_2048", usage: "ENCRYPT_DECRYPT", multiRegion: true },
  ],
  [
    NAMESPACED,
    "ExternalKey",
    {},
    { spec: "SYMMETRIC_DEFAULT", usage: "ENCRYPT_DECRYPT", origin: "EXTERNAL", multiRegion: false },
  ],
  [
    CLASSIC,
    "Key",
    { keySpec: "HMAC_256", keyUsage: "GENERATE_VERIFY_MAC", origin: "AWS_KMS" },
    { ...nothing, spec: "HMAC_256", usage: "GENERATE_VERIFY_MAC", multiRegion: false },
  ],
  [UPBOUND, "ReplicaKey", { primaryKeyArn: "arn:aws:kms:us-east-1:111122223333:key/mrk-1" }, {}],
];

for (const [group, kind, fields, before] of changed)
  test(`before an update, a ${kind} of ${group} with ${JSON.stringify(fields)}`, () => {
    const { keys } = read(review("UPDATE", object(group, kind, {}), object(group, kind, fields)));
    assert.deepEqual(
      keys.map(({ change }) => change),
      [{ actions: ["update"], partialInput: true, before }],
    );
  });

test("an object of another kind before the update is ignored", () => {
  for (const before of [null, object(ACK, "Alias", {}), object(UPBOUND, "Key", {})]) {
    const [key] = read(review("UPDATE", object(ACK, "Key", {}), before)).keys;
    assert.deepEqual(key?.change, { actions: ["update"], partialInput: true });
  }
});

const retain = { annotations: { "services.k8s.aws/deletion-policy": "retain" } };
/** The deleted object, and whether its key is retained. */
const deleted: [string, Fields, boolean][] = [
  ["ACK", object(ACK, "Key", {}), false],
  ["ACK, retained", object(ACK, "Key", {}, {}, retain), true],
  [
    "ACK, to be deleted",
    object(ACK, "Key", {}, {}, { annotations: { "services.k8s.aws/deletion-policy": "delete" } }),
    false,
  ],
  [
    "ACK, read only",
    object(ACK, "Key", {}, {}, { annotations: { "services.k8s.aws/read-only": "true" } }),
    true,
  ],
  ["ACK, replica", object(ACK, "ReplicaKey", { replicaRegion: "eu-west-1" }), false],
  ["Crossplane", object(UPBOUND, "Key", {}), false],
  ["orphaned", object(UPBOUND, "Key", {}, { deletionPolicy: "Orphan" }), true],
  [
    "orphaned, with default management policies",
    object(UPBOUND, "Key", {}, { deletionPolicy: "Orphan", managementPolicies: ["*"] }),
    true,
  ],
  [
    "orphaned, with a management policy to delete",
    object(UPBOUND, "Key", {}, { deletionPolicy: "Orphan", managementPolicies: ["Create", "Delete"] }),
    false,
  ],
  [
    "without a management policy to delete",
    object(
      UPBOUND,
      "Key",
      {},
      { deletionPolicy: "Delete", managementPolicies: ["Create", "Update", "Observe"] },
    ),
    true,
  ],
  ["observed", object(UPBOUND, "Key", {}, { managementPolicies: ["Observe"] }), true],
  [
    "namespaced, without a management policy to delete",
    object(NAMESPACED, "Key", {}, { managementPolicies: ["Observe", "Create"] }),
    true,
  ],
  ["namespaced, without deletionPolicy", object(NAMESPACED, "Key", {}, { deletionPolicy: "Orphan" }), false],
  ["the classic provider", object(CLASSIC, "Key", {}), false],
  ["the classic provider, orphaned", object(CLASSIC, "Key", {}, { deletionPolicy: "Orphan" }), true],
];

for (const [name, before, stays] of deleted)
  test(`deletion: ${name}: the key is ${stays ? "retained" : "deleted"}`, () => {
    // Only the old object counts.
    for (const now of [null, object(ACK, "Key", {})]) {
      const { keys, removals } = read(review("DELETE", now, before));
      assert.deepEqual(keys, []);
      assert.deepEqual(
        removals.map(({ kind, resource, change, location }) => [kind, resource, change, location.pointer]),
        stays
          ? []
          : [
              [
                before.kind === "Key" ? "key" : "replica",
                `${before.kind}/orders`,
                { actions: ["delete"], partialInput: true },
                "/request/oldObject",
              ],
            ],
      );
    }
  });

test("the deletion of an alias does not delete its key", () => {
  const { removals, aliases } = read(review("DELETE", null, object(ACK, "Alias", { name: "alias/orders" })));
  assert.deepEqual([removals, aliases], [[], []]);
});

test("references do not resolve to a deleted key", () => {
  const alias = JSON.stringify(object(UPBOUND, "Alias", { targetKeyIdRef: { name: "orders" } }));
  const { aliases } = documentOf({
    "a.yaml": JSON.stringify(review("DELETE", null, object(UPBOUND, "Key", {}))),
    "b.yaml": alias,
  });
  assert.deepEqual(aliases[0]?.target.keys, []);
});

const composition = (kind: string): Fields => ({
  apiVersion: "apiextensions.crossplane.io/v1",
  kind: "Composition",
  metadata: { name: "c" },
  spec: { resources: [{ name: "key", base: object(UPBOUND, kind, {}) }] },
});

test("a change of a Composition does not change existing keys", () => {
  const { keys } = read(review("UPDATE", composition("Key"), composition("Key")));
  assert.deepEqual(
    keys.map(({ resource, change }) => [resource, change]),
    [["Key/orders", undefined]],
  );
  const gone = read(review("DELETE", null, composition("Key")));
  assert.deepEqual([gone.keys, gone.removals], [[], []]);
});

const others: [string, Json, boolean][] = [
  ["a connection", review("CONNECT", object(ACK, "Key", {}), null), false],
  ["no object", review("CREATE", null, null), false],
  ["a deletion of something else", review("DELETE", null, { apiVersion: "v1", kind: "Pod" }), false],
  ["a deletion", review("DELETE", null, object(ACK, "Key", {})), true],
  ["an empty operation", review("", object(ACK, "Key", {}), null), true],
];

for (const [name, value, expected] of others)
  test(`${name} is ${expected ? "" : "not "}detected`, () => {
    assert.equal(kubernetes.detect(value, { path: "x.json", text: "" }), expected);
  });

test("a request without an operation is read as an object", () => {
  for (const operation of ["", "constructor"]) {
    const [key] = read(review(operation, object(ACK, "Key", {}), object(ACK, "Key", {}))).keys;
    assert.deepEqual([key?.resource, key?.change], ["Key/orders", undefined]);
  }
});

const bundle = (name: string) => readFileSync(new URL(`../bundles/${name}`, import.meta.url));
const engine = loadEngine(bundle("policy.wasm"), JSON.parse(bundle("rules.json").toString()) as RuleInfo[]);

/** Returns the findings for a review, without notes. */
const found = (request: Json): string[] =>
  checkInputs([{ path: "review.json", text: JSON.stringify(request, null, 2), named: true }], { engine })
    .findings.filter(({ level }) => level !== "note")
    .map(({ rule, verdict, location }) => `${rule} ${verdict} ${location.pointer}`);

const rotated = { enableKeyRotation: true };
const decisions: [string, Json, string[]][] = [
  [
    "another multi-Region property",
    review("UPDATE", object(ACK, "Key", rotated), object(ACK, "Key", { ...rotated, multiRegion: true })),
    ["immutable_change fail /request/object"],
  ],
  [
    "another spec",
    review(
      "UPDATE",
      object(UPBOUND, "Key", { customerMasterKeySpec: "RSA_4096", keyUsage: "SIGN_VERIFY" }),
      object(UPBOUND, "Key", { customerMasterKeySpec: "RSA_2048", keyUsage: "SIGN_VERIFY" }),
    ),
    ["immutable_change fail /request/object/spec/forProvider/customerMasterKeySpec"],
  ],
  [
    "another description",
    review(
      "UPDATE",
      object(ACK, "Key", { ...rotated, description: "a" }),
      object(ACK, "Key", { ...rotated, description: "b" }),
    ),
    [],
  ],
  [
    "the deletion of a key",
    review("DELETE", null, object(ACK, "Key", rotated)),
    ["key_deletion fail /request/oldObject"],
  ],
  [
    "the deletion of an object whose key is retained",
    review("DELETE", null, object(ACK, "Key", {}, {}, retain)),
    [],
  ],
  [
    "the deletion of a key with a suppression",
    review(
      "DELETE",
      null,
      object(
        ACK,
        "Key",
        {},
        {},
        { annotations: { "keywarden.dev/ignore": "key_deletion -- an experiment" } },
      ),
    ),
    [],
  ],
];

for (const [name, request, expected] of decisions)
  test(`${name}: ${expected.join() || "no findings"}`, () => {
    assert.deepEqual(found(request), expected);
  });

test("a notice says that nothing is checked if a key is retained", () => {
  const text = JSON.stringify(review("DELETE", null, object(ACK, "Key", {}, {}, retain)));
  const { notices, problems } = checkInputs([{ path: "review.json", text, named: true }], { engine });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    notices.map(({ message }) => message),
    ["does not create or delete a KMS key, alias or grant: nothing checked"],
  );
});
