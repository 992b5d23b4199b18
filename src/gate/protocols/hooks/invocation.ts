import { isMap, type JsonMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";

/**
 * What CloudFormation Hooks asks a Lambda function.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 */
export interface HookInvocation {
  /** `CLOUD_CONTROL`: a resource of no stack. */
  target: "RESOURCE" | "CLOUD_CONTROL" | "STACK" | "CHANGE_SET";
  /** Has to be given back. */
  token: string;
  account?: string;
  region?: string;
  action?: "CREATE" | "UPDATE" | "DELETE";
  /** The type of a resource, else the target itself. */
  type: string;
  /** The logical id of a resource, the name of a stack, the ARN of a change set. */
  name: string;
  /** ARNs; absent where there is none. */
  stackId?: string;
  changeSetId?: string;
  hook?: string;
  /** Of a resource, as it is to be and as it is; null where there is none. */
  properties: JsonMap | null;
  previous: JsonMap | null;
  /** Where the templates of a stack or change set are. */
  payload?: string;
}

/** What an invocation says, or what keeps it from being one. */
export function invocationOf(event: Json): HookInvocation | string {
  if (!isMap(event) || !isMap(event.requestData)) return "The event is no invocation of a hook.";
  const { requestData: data, actionInvocationPoint: point } = event;
  const type = text(data.targetName) ?? text(data.targetType);
  const name = text(data.targetLogicalId);
  if (type === undefined || name === undefined) return "The invocation names no target.";
  const target = targetOf(type, text(event.stackId));
  const action = /^(CREATE|UPDATE|DELETE)_PRE_PROVISION$/.exec(text(point) ?? "")?.[1] as
    | HookInvocation["action"]
    | undefined;
  if (action === undefined && target !== "CHANGE_SET")
    return `The invocation point ${JSON.stringify(point)} is not known.`;
  const model = isMap(data.targetModel) ? data.targetModel : {};
  return {
    target,
    type,
    name,
    token: tokenOf(event),
    properties: map(model.resourceProperties),
    previous: filled(model.previousResourceProperties),
    ...given("action", action),
    ...given("account", /^\d{12}$/.exec(text(event.awsAccountId) ?? "")?.[0]),
    ...given("region", regionOf(event)),
    ...given("stackId", text(event.stackId)),
    ...given("changeSetId", target === "CHANGE_SET" ? name : text(event.changeSetId)),
    ...given("hook", text(event.hookTypeName)),
    ...given("payload", text(data.payload)),
  };
}

export const tokenOf = (event: Json): string =>
  (isMap(event) ? text(event.clientRequestToken) : undefined) ?? "";

function targetOf(type: string, stackId: string | undefined): HookInvocation["target"] {
  if (type === "STACK" || type === "CHANGE_SET") return type;
  return stackId === undefined ? "CLOUD_CONTROL" : "RESOURCE";
}

/** A hook is of one Region: that of the stack, and of the function that it calls. */
function regionOf({ stackId, changeSetId, hookModel }: JsonMap): string | undefined {
  const arns = [stackId, changeSetId, isMap(hookModel) ? hookModel.LambdaFunction : undefined];
  return arns
    .map((arn) => /^arn:[\w-]+:(?:cloudformation|lambda):([\w-]+):/.exec(text(arn) ?? "")?.[1])
    .find((region) => region !== undefined);
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const map = (value: Json | undefined): JsonMap | null => (isMap(value) ? value : null);

/** What there is nothing of may be empty. */
const filled = (value: Json | undefined): JsonMap | null =>
  isMap(value) && Object.keys(value).length > 0 ? value : null;

const given = <K extends string, V>(name: K, value: V | undefined): { [N in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { [N in K]?: V };
