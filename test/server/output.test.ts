import { deepEqual, ok } from "node:assert/strict";
import { test } from "node:test";
import type { ProtocolRequest } from "../../src/gate/protocol.ts";
import { ADMISSION_PATH, admissionProtocol } from "../../src/gate/protocols/admission.ts";
import { checkProtocol } from "../../src/gate/protocols/check/index.ts";
import { externalDataProtocol } from "../../src/gate/protocols/external-data.ts";
import { answerHook } from "../../src/gate/protocols/hooks/index.ts";
import { opaProtocol } from "../../src/gate/protocols/opa/index.ts";
import { runTaskProtocol } from "../../src/gate/protocols/run-task/index.ts";
import { createLogger } from "../../src/hosts/server/telemetry/log.ts";
import { leaks } from "../laws/output/leaks.ts";
import { ackKey, admissionReview, decideBy, everyone, ownPolicy, request, requestOf } from "./support.ts";

/** A text that tries to command whatever prints it: kubectl in a pipeline, a console, the viewer of a log. */
const hostile = "x\n::error::leak\r\u2028##vso[task.x]##[error]\u001B[2J\u009B31m\u202E\u200B\u{E0041}";
const policy = ownPolicy(everyone(hostile), { ...everyone(`::error::${hostile}`), Action: `kms:${hostile}` });
const plan = {
  format_version: "1.2",
  resource_changes: [
    {
      address: `aws_kms_key.k["${hostile}"]`,
      mode: "managed",
      type: "aws_kms_key",
      name: "k",
      index: hostile,
      change: { actions: ["create"], before: null, after: { policy }, after_unknown: {} },
    },
  ],
};
const template = {
  Resources: { [`Key${hostile}`]: { Type: "AWS::KMS::Key", Properties: { KeyPolicy: JSON.parse(policy) } } },
};
const review = admissionReview("CREATE", {
  name: hostile,
  namespace: hostile,
  object: ackKey({ policy }, { name: hostile }),
});
const decide = decideBy();
const invocation = {
  clientRequestToken: "token",
  awsAccountId: "111122223333",
  hookTypeName: "Keywarden::Kms::Resources",
  actionInvocationPoint: "CREATE_PRE_PROVISION",
  requestData: {
    targetName: "AWS::KMS::Key",
    targetType: "AWS::KMS::Key",
    targetLogicalId: hostile,
    targetModel: { resourceProperties: { KeyPolicy: JSON.parse(policy), [hostile]: 1 } },
  },
};

const post = (path: string, body: unknown): ProtocolRequest => requestOf(path, body);
const bodies: { [name: string]: string } = {
  "the review of an admission request": admissionProtocol.handle(post(ADMISSION_PATH, review), decide).body,
  "a response of the check protocol": checkProtocol.handle(
    request("POST", "/check", JSON.stringify(template), {}),
    decide,
  ).body,
  "a problem of the check protocol": checkProtocol.handle(
    request("POST", `/check?format=${encodeURIComponent(hostile)}`, "{}", {}),
    decide,
  ).body,
  "a decision of OPA's protocol": opaProtocol.handle(post("/v1/data/keywarden", { input: template }), decide)
    .body,
  "an item of external data": externalDataProtocol.handle(
    post("/v1/external-data", {
      apiVersion: "externaldata.gatekeeper.sh/v1beta1",
      kind: "ProviderRequest",
      request: { keys: [JSON.stringify(ackKey({ policy }, { name: hostile }))] },
    }),
    decide,
  ).body,
  "the result of a run task": runTaskProtocol.handle(post("/run-task", plan), decide).body,
};

for (const [name, body] of Object.entries(bodies))
  test(`${name} contains no command or control character of its input`, () => {
    ok(body.includes("::error::leak"), body);
    deepEqual(leaks("json", body), []);
  });

for (const name of [
  "the review of an admission request",
  "the result of a run task",
  "an item of external data",
])
  test(`${name} has messages that obey no input when they are printed`, () => {
    const echoed = new Set(["uid", "key"]);
    const messages = stringsOf(JSON.parse(bodies[name] as string), echoed);
    ok(messages.length > 0);
    deepEqual(
      messages.flatMap((message) => leaks("message", message)),
      [],
    );
  });

test("the response to a hook obeys no input when CloudFormation prints it", () => {
  const { response } = answerHook(invocation, undefined, decide);
  ok(response.message.includes("leak"));
  deepEqual(
    stringsOf(response, new Set()).flatMap((message) => leaks("message", message)),
    [],
  );
});

test("a log line contains no command or control character", () => {
  const lines: string[] = [];
  createLogger((line) => lines.push(line), "info").info({ [hostile]: hostile }, hostile);
  deepEqual(
    lines.flatMap((line) => leaks("json", line)),
    [],
  );
  deepEqual(Object.keys(JSON.parse(lines[0] as string)).includes(hostile), true);
});

/** Returns the strings of a value, without those that a protocol returns as it received them. */
function stringsOf(value: unknown, echoed: Set<string>): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => (echoed.has(key) ? [] : stringsOf(each, echoed)));
}
