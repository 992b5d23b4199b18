import assert from "node:assert/strict";
import type { Json } from "../../src/core/model/source.ts";
import type { Decider } from "../../src/gate/decision.ts";
import type { HookResponse } from "../../src/gate/protocols/hooks/index.ts";
import { createHookHandler } from "../../src/hosts/aws-lambda/handler.ts";

type Fields = { [name: string]: Json };

const ACCOUNT = "111122223333";
const REGION = "eu-west-1";
const STACK_ID = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/orders/4e2c0a10-5f5e-11f0-9a1b-0a1b2c3d4e5f`;

/** What CloudFormation does after a hook with the failure mode FAIL. */
export interface OperationAfterHook {
  proceeds: boolean;
  errorCode: "NonCompliant" | "InternalFailure" | undefined;
  message: string;
  /** Rules of the annotations with the status FAILED. */
  failed: string[];
  /** The outcome in the function's log. */
  outcome: string;
}

export interface ChangedResource {
  logicalResourceId: string;
  resourceType: string;
  action: "CREATE" | "UPDATE" | "DELETE";
  lineNumber?: number | null;
  /** JSON in a string, in which all numbers and booleans are strings. */
  beforeContext: string | null;
  afterContext: string | null;
}

type Action = "CREATE" | "UPDATE" | "DELETE";

/**
 * The side of CloudFormation Hooks that invokes a Lambda function, as AWS's guide describes it: builds events, serves
 * payloads through presigned URLs, and accepts only valid responses.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 */
export class CloudFormation {
  readonly #decide: Decider;

  constructor(decide: Decider) {
    this.#decide = decide;
  }

  /** Invokes a hook with the target STACK. */
  stack(action: Action, template: string, previousTemplate = ""): Promise<OperationAfterHook> {
    return this.stackWith(action, JSON.stringify({ template, previousTemplate }));
  }

  /** Invokes a hook with the target STACK. `payload` is the object in Amazon S3, or its status. */
  stackWith(action: Action, payload: string | number): Promise<OperationAfterHook> {
    const data = { targetName: "STACK", targetType: "STACK", targetLogicalId: "orders" };
    return this.#invoke({ actionInvocationPoint: `${action}_PRE_PROVISION` }, data, payload);
  }

  /** Invokes a hook with the target CHANGE_SET, which has no invocation point. */
  changeSet(template: string, changedResources: ChangedResource[]): Promise<OperationAfterHook> {
    return this.changeSetWith(JSON.stringify({ template, changedResources }));
  }

  changeSetWith(payload: string | number): Promise<OperationAfterHook> {
    const arn = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:changeSet/update/1a2345b6`;
    const data = { targetName: "CHANGE_SET", targetType: "CHANGE_SET", targetLogicalId: arn };
    return this.#invoke({ changeSetId: arn }, data, payload);
  }

  /** Invokes a hook with the target RESOURCE. */
  resource(action: Action, type: string, targetModel: Fields): Promise<OperationAfterHook> {
    const data = { targetName: type, targetType: type, targetLogicalId: "OrdersKey", targetModel };
    return this.#invoke({ actionInvocationPoint: `${action}_PRE_PROVISION` }, data);
  }

  async #invoke(more: Fields, data: Fields, payload?: string | number): Promise<OperationAfterHook> {
    const token = crypto.randomUUID();
    const url = `https://hooks.s3.${REGION}.amazonaws.com/${token}?X-Amz-Signature=s`;
    const event = {
      clientRequestToken: token,
      awsAccountId: ACCOUNT,
      stackId: STACK_ID,
      changeSetId: null,
      hookTypeName: "Keywarden::Kms::Stacks",
      hookTypeVersion: "00000008",
      hookModel: { LambdaFunction: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:keywarden` },
      requestContext: { invocation: 1, callbackContext: null },
      ...more,
      requestData: { ...data, ...(payload === undefined ? {} : { payload: url }) },
    };
    const lines: string[] = [];
    const handler = createHookHandler({ decide: this.#decide }, (line) => lines.push(line));
    const response = await withObject(url, payload, () => handler(event));
    checkResponse(response, token);
    const { outcome } = JSON.parse(lines.at(-1) ?? "{}");
    return {
      proceeds: response.hookStatus === "SUCCESS",
      errorCode: response.errorCode,
      message: response.message,
      failed: (response.annotations ?? [])
        .filter(({ status }) => status === "FAILED")
        .map(({ annotationName }) => annotationName),
      outcome,
    };
  }
}

/** Runs a function while a presigned URL has an object, or responds with a status. */
async function withObject<T>(
  url: string,
  object: string | number | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const { fetch } = globalThis;
  globalThis.fetch = async (requested) => {
    assert.equal(String(requested), url);
    return typeof object === "string" ? new Response(object) : new Response("", { status: object ?? 404 });
  };
  try {
    return await run();
  } finally {
    globalThis.fetch = fetch;
  }
}

/** Fails if CloudFormation would not accept a response. */
function checkResponse(response: HookResponse, token: string): void {
  const { hookStatus, errorCode, message, clientRequestToken, annotations = [] } = response;
  assert.equal(clientRequestToken, token);
  assert.ok(["SUCCESS", "FAILED"].includes(hookStatus));
  assert.ok(message.length > 0 && message.length <= 4096);
  if (hookStatus === "FAILED") assert.match(errorCode ?? "", /^(NonCompliant|InternalFailure)$/);
  else assert.equal(errorCode, undefined);
  for (const { annotationName, status, statusMessage } of annotations) {
    assert.match(status, /^(PASSED|FAILED|SKIPPED)$/);
    assert.ok(annotationName.length > 0 && statusMessage.length > 0);
  }
}
