import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import type { Json } from "../../src/core/model/source.ts";
import type { DecisionRecord } from "../../src/gate/protocol.ts";
import { checkFormats } from "../../src/gate/protocols/check/formats.ts";
import { answerHook } from "../../src/gate/protocols/hooks/index.ts";
import { protocolNamed } from "../../src/gate/protocols/index.ts";
import { decisionLine } from "../../src/hosts/server/telemetry/decision.ts";
import { decideBy, read, request, root } from "./support.ts";

// The inputs of test/secrets.test.ts: every sensitive text in them contains `s3cr3t`.
const decide = decideBy();

/** Returns a decision as a line of the decision log. */
const lineOf = (decision: DecisionRecord | undefined): string =>
  decisionLine(
    {
      protocol: "check",
      request: request("POST", "/check", ""),
      status: 200,
      clientAddress: "10.0.0.7:4711",
      received: new Date(0),
      seconds: 0,
      ...(decision === undefined ? {} : { decision }),
    },
    { id: "server", version: "0.0.0" },
    "revision",
  ) ?? "";

function assertNoSecret(text: string): void {
  const at = text.indexOf("s3cr3t");
  assert.equal(at, -1, text.slice(Math.max(0, at - 150), at + 80));
}

const paths = readdirSync(`${root}test/secrets`, { recursive: true, encoding: "utf8" }).filter((path) =>
  /\.(json|ya?ml|tf)$/.test(path),
);

for (const path of paths) {
  const text = read(`test/secrets/${path}`);
  for (const format of [undefined, ...checkFormats.keys()])
    test(`${path}: the response as ${format ?? "JSON"} and the decision log have no secret`, () => {
      const target = `/check?path=${encodeURIComponent(path)}${format === undefined ? "" : `&format=${format}`}`;
      const { body, decision } = protocolNamed("check").handle(request("POST", target, text), decide);
      assertNoSecret(body);
      assertNoSecret(lineOf(decision));
    });

  test(`${path}: a decision of the Data API and its log have no secret`, () => {
    const body = JSON.stringify({ input: { files: [{ path, text }] } });
    const { body: answer, decision } = protocolNamed("opa").handle(
      request("POST", "/v1/data/keywarden", body, { "content-type": "application/json" }),
      decide,
    );
    assertNoSecret(answer);
    assertNoSecret(lineOf(decision));
  });
}

const event = (requestData: { [name: string]: Json }) => ({
  clientRequestToken: "token",
  awsAccountId: "111122223333",
  stackId: "arn:aws:cloudformation:eu-west-1:111122223333:stack/orders/4e2c0a10-5f5e-11f0-9a1b-0a1b2c3d4e5f",
  changeSetId: null,
  hookTypeName: "Keywarden::Kms::Resources",
  hookTypeVersion: "00000001",
  hookModel: {},
  actionInvocationPoint: "CREATE_PRE_PROVISION",
  requestContext: { invocation: 1, callbackContext: null },
  requestData,
});

for (const path of paths.filter((name) => /^(cloudformation|sam|stack-set)/.test(name)))
  test(`${path}: a hook for the stack and its log have no secret`, () => {
    const template = read(`test/secrets/${path}`);
    const data = {
      targetName: "STACK",
      targetType: "STACK",
      targetLogicalId: "orders",
      payload: "https://x",
    };
    const payload = JSON.stringify({
      template,
      previousTemplate: template.replace("s3cr3t", "s3cr3t-before"),
    });
    const { response, decision } = answerHook(event(data), payload, decide);
    assertNoSecret(JSON.stringify(response));
    assertNoSecret(lineOf(decision));
  });

test("a hook for a resource and its log have no secret", () => {
  const targetModel = {
    resourceProperties: { MasterUserPassword: "s3cr3t-database", KmsKeyId: "s3cr3t-database" },
  };
  const type = "AWS::RDS::DBInstance";
  const data = { targetName: type, targetType: type, targetLogicalId: "Database", targetModel };
  const { response, decision } = answerHook(event(data), undefined, decide);
  assertNoSecret(JSON.stringify(response));
  assertNoSecret(lineOf(decision));
});
