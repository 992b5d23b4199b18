import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { loadEngine } from "../../src/core/engine/engine.ts";
import { moduleRevision } from "../../src/core/engine/revision.ts";
import { loadTerraform } from "../../src/core/formats/terraform-source/evaluator/terraform.ts";
import type { RuleInfo } from "../../src/core/model/report.ts";
import { createDecider, type Decider, type DeciderOptions } from "../../src/gate/decision.ts";
import type { Protocol, ProtocolRequest, ProtocolResponse } from "../../src/gate/protocol.ts";

export const root = new URL("../../", import.meta.url).pathname;
export const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");

export const rules = JSON.parse(read("bundles/rules.json")) as RuleInfo[];
const wasm = readFileSync(`${root}bundles/policy.wasm`);
export const engine = loadEngine(wasm, rules);
const terraform = loadTerraform(() => readFileSync(`${root}bundles/terraform.wasm`));

type Choices = Partial<Omit<DeciderOptions, "check"> & DeciderOptions["check"]>;

/** Creates a decision function from the committed rules. */
export const decideBy = ({
  failMode = "closed",
  failOnWarn = false,
  noFail = false,
  requireContent = false,
  ...check
}: Choices = {}): Decider =>
  createDecider({
    check: { engine, terraform, today: "2026-01-01", ...check },
    failMode,
    failOnWarn,
    noFail,
    requireContent,
    revision: moduleRevision(wasm),
    version: "0.0.0",
  });

export function requestOf(path: string, body: unknown): ProtocolRequest {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    id: randomUUID(),
    method: "POST",
    path,
    query: "timeout=10s",
    headers: { "content-type": "application/json" },
    body: body instanceof Uint8Array ? body : new TextEncoder().encode(text),
  };
}

export function jsonOf({ status, headers, body }: ProtocolResponse): unknown {
  assert.equal(status, 200, body);
  assert.equal(headers["content-type"], "application/json");
  return JSON.parse(body);
}

export const names = (protocols: Protocol[], method: string, path: string): string[] =>
  protocols.filter((one) => one.matches(method, path)).map(({ name }) => name);

/** Returns a key policy that allows the account root principal, plus the given statements. */
export const ownPolicy = (...more: object[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Root",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111122223333:root" },
        Action: "kms:*",
        Resource: "*",
      },
      ...more,
    ],
  });

export const everyone = (sid: string) => ({
  Sid: sid,
  Effect: "Allow",
  Principal: "*",
  Action: "kms:Decrypt",
  Resource: "*",
});

/** A template whose decision takes minutes: a server that is busy with it has to be stopped. */
export const endlessTemplate = JSON.stringify({
  Resources: Object.fromEntries(
    Array.from({ length: 20_000 }, (_, i) => [
      `Key${i}`,
      {
        Type: "AWS::KMS::Key",
        Properties: {
          KeyPolicy: { Statement: { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" } },
        },
      },
    ]),
  ),
});

export const goodPolicy = ownPolicy();
export const openPolicy = ownPolicy(everyone("All"));

type Fields = { [field: string]: unknown };

/** Returns a key resource of AWS Controllers for Kubernetes (ACK). */
export const ackKey = (spec: Fields, metadata: Fields = {}, status?: Fields) => ({
  apiVersion: "kms.services.k8s.aws/v1alpha1",
  kind: "Key",
  metadata: { name: "orders", namespace: "team-a", ...metadata },
  spec: { enableKeyRotation: true, ...spec },
  ...(status === undefined ? {} : { status }),
});

/** Returns a key resource of Crossplane, which is cluster-scoped. */
export const crossplaneKey = (forProvider: Fields, metadata: Fields = {}) => ({
  apiVersion: "kms.aws.upbound.io/v1beta1",
  kind: "Key",
  metadata: { name: "orders", ...metadata },
  spec: { forProvider: { region: "eu-central-1", enableKeyRotation: true, ...forProvider } },
});

export const REVIEW_UID = "705ab4f5-6393-11e8-b7cc-42010a800002";

/** Returns an AdmissionReview as the Kubernetes API server writes it. `request`: the object, and other fields. */
export const admissionReview = (operation: string, request: Fields, apiVersion = "admission.k8s.io/v1") => ({
  kind: "AdmissionReview",
  apiVersion,
  request: {
    uid: REVIEW_UID,
    kind: { group: "kms.services.k8s.aws", version: "v1alpha1", kind: "Key" },
    resource: { group: "kms.services.k8s.aws", version: "v1alpha1", resource: "keys" },
    name: "orders",
    namespace: "team-a",
    operation,
    userInfo: { username: "dev", uid: "another-uid" },
    object: null,
    oldObject: null,
    dryRun: false,
    ...request,
  },
});

/** Returns a request as the server passes it to a protocol. */
export const request = (
  method: string,
  target: string,
  body: string | Uint8Array = "",
  headers: ProtocolRequest["headers"] = {},
): ProtocolRequest => {
  const [path = "", ...query] = target.split("?");
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { id: randomUUID(), method, path, query: query.join("?"), headers, body: bytes };
};
