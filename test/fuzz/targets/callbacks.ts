/** What AWS and HCP Terraform send: events of CloudFormation Hooks, and run tasks with their plans. */
import { createHmac } from "node:crypto";
import { asMap, isMap } from "../../../src/core/model/json.ts";
import type { Json } from "../../../src/core/model/source.ts";
import { answerHook } from "../../../src/gate/protocols/hooks/index.ts";
import { runTaskProtocol } from "../../../src/gate/protocols/run-task/index.ts";
import { createHookHandler } from "../../../src/hosts/aws-lambda/handler.ts";
import { isSigned, parseRunTaskRequest } from "../../../src/hosts/server/run-task/request.ts";
import { cloudformation } from "../../laws/holes/cloudformation.ts";
import { plan } from "../../laws/holes/others.ts";
import { decideBy, openPolicy } from "../../server/support.ts";
import { bytesOf, expect, type Target, textOf } from "../harness/target.ts";
import { hasCertainHole } from "../oracles/holes.ts";
import { seedsOf } from "../seeds.ts";
import { twisted } from "../twists.ts";
import { words } from "../words.ts";
import { checkResponse } from "./protocols.ts";

const decide = decideBy({ requireContent: true });
const handler = createHookHandler({ decide }, () => {});

const stackId =
  "arn:aws:cloudformation:eu-west-1:111122223333:stack/orders/4e2c0a10-5f5e-11f0-9a1b-0a1b2c3d4e5f";
const event = (requestData: Json, actionInvocationPoint = "CREATE_PRE_PROVISION"): Json => ({
  clientRequestToken: "token",
  awsAccountId: "111122223333",
  stackId,
  changeSetId: null,
  hookTypeName: "Keywarden::Kms::Resources",
  hookTypeVersion: "00000001",
  hookModel: {},
  actionInvocationPoint,
  requestContext: { invocation: 1, callbackContext: null },
  requestData,
});
const resource = (properties: Json, previous: Json = null): Json =>
  event({
    targetName: "AWS::KMS::Key",
    targetType: "AWS::KMS::Key",
    targetLogicalId: "OrdersKey",
    targetModel: { resourceProperties: properties, previousResourceProperties: previous },
  });
/** Without a payload, because the handler would download it. */
const stack = event({ targetName: "STACK", targetType: "STACK", targetLogicalId: "orders" });
const properties: Json = { Description: "x", EnableKeyRotation: true, KeyPolicy: JSON.parse(openPolicy) };

const eventWords = [
  ...words.cloudformation,
  ...["clientRequestToken", "requestData", "targetModel", "resourceProperties", "previousResourceProperties"],
  ...[
    "targetName",
    "targetType",
    "STACK",
    "CHANGE_SET",
    "UPDATE_PRE_PROVISION",
    "DELETE_PRE_PROVISION",
    "payload",
  ],
  ...["template", "previousTemplate", "changedResources", "awsAccountId", "hookTypeName", "CLOUD_CONTROL"],
];

/** An event, or `{"event": …, "payload": …}` with what the handler would have downloaded. */
export const lambdaTarget: Target = {
  name: "lambda",
  dictionary: eventWords,
  seeds: () =>
    [
      resource(properties),
      resource(properties, properties),
      resource(null, properties),
      stack,
      {
        event: stack,
        payload: {
          template: JSON.stringify({ Resources: { K: { Type: "AWS::KMS::Key", Properties: properties } } }),
        },
      },
    ].map((value) => bytesOf(JSON.stringify(value))),
  generate(random) {
    const [text = ""] = Object.values(cloudformation(random));
    const payload = { template: text, previousTemplate: random.chance(0.5) ? text : "" };
    const value: Json = random.chance(0.5) ? { event: stack, payload } : resource(properties);
    return bytesOf(twisted(JSON.stringify(value), random, eventWords));
  },
  async check(input) {
    const value = parsed(input);
    if (value === undefined) return;
    const { event: inner, payload } = (value ?? {}) as { event?: Json; payload?: Json };
    const isPair = inner !== undefined && payload !== undefined;
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    if (!isPair && /"payload"/.test(textOf(input))) return;
    const response = isPair ? answerHook(inner, text, decide).response : await handler(value);
    const { hookStatus, errorCode, message } = response;
    expect(
      ["SUCCESS", "FAILED", "IN_PROGRESS"].includes(hookStatus),
      "the status of a hook is unknown",
      () => hookStatus,
    );
    expect(!/internal error/.test(message), "a hook has an internal error", () => message);
    expect(hookStatus === "FAILED" || errorCode === undefined, "a hook succeeds with an error code");
    JSON.stringify(response);
  },
};

const key = "hmac-key";
const runTask = {
  payload_version: 1,
  stage: "post_plan",
  access_token: "token",
  capabilities: { outcomes: true },
  is_speculative: false,
  organization_name: "orders",
  plan_json_api_url: "https://app.terraform.io/api/v2/plans/plan-1/json-output",
  run_id: "run-1",
  task_result_callback_url: "https://app.terraform.io/api/v2/task-results/1/callback",
  task_result_enforcement_level: "mandatory",
  task_result_id: "taskrs-1",
  workspace_name: "orders",
};

/** The request of a run task, or the plan that it names. */
export const runTaskTarget: Target = {
  name: "run-task",
  dictionary: [...words.plan, ...Object.keys(runTask), "test-token", "https://", "file:///etc/passwd"],
  seeds: () => [
    bytesOf(JSON.stringify(runTask)),
    ...seedsOf("plan", "terraform-plan").filter((_, i) => i % 10 === 0),
  ],
  generate(random) {
    const [text = ""] = Object.values(plan(random));
    return bytesOf(twisted(random.chance(0.3) ? JSON.stringify(runTask) : text, random, words.plan));
  },
  check(input) {
    const request = {
      ...{
        id: "1",
        method: "POST",
        path: "/run-task",
        query: "organization=a&workspace=b&run=c",
        body: input,
      },
      headers: { "x-tfc-task-signature": textOf(input.subarray(0, 128)) },
    };
    expect(!isSigned(request, key), "a request without a signature is accepted");
    const signature = createHmac("sha512", key).update(input).digest("hex");
    expect(
      isSigned({ ...request, headers: { "x-tfc-task-signature": signature } }, key),
      "a signed request is refused",
    );
    const run = parseRunTaskRequest(input);
    if (typeof run === "object" && "token" in run)
      expect(/^[\x21-\x7e]+$/.test(run.token), "a token has unsafe characters", () => run.token);
    const response = runTaskProtocol.handle(request, decide);
    checkResponse(response);
    const passes = JSON.parse(response.body).data.attributes.status === "passed";
    const value = parsed(input);
    expect(!passes || !hasCertainHole(value), "the run task passes a plan with a certain hole");
    expect(!passes || mayBeCompletePlan(value), "the run task passes what is not a complete plan");
  },
};

function mayBeCompletePlan(value: Json | undefined): boolean {
  const { format_version, planned_values, resource_changes, complete, errored } = asMap(value);
  return (
    typeof format_version === "string" &&
    (isMap(planned_values) || Array.isArray(resource_changes)) &&
    complete !== false &&
    errored !== true
  );
}

function parsed(input: Uint8Array): Json | undefined {
  try {
    return JSON.parse(textOf(input).replace(/^\uFEFF+/, "")) as Json;
  } catch {
    return undefined;
  }
}
