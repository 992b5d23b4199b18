import { isMap, type JsonMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";

/**
 * An invocation of a Lambda function by CloudFormation Hooks.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 */
export interface HookInvocation {
  /** `CLOUD_CONTROL`: a resource outside of a stack. */
  target: "RESOURCE" | "CLOUD_CONTROL" | "STACK" | "CHANGE_SET";
  /** The response must contain it. */
  token: string;
  account?: string;
  region?: string;
  action?: "CREATE" | "UPDATE" | "DELETE";
  /** The resource type, or the target type of a stack or change set. */
  type: string;
  /** The logical ID of a resource, the name of a stack, or the ARN of a change set. */
  name: string;
  /** ARN; absent outside of a stack. */
  stackId?: string;
  /** ARN; absent outside of a change set. */
  changeSetId?: string;
  hook?: string;
  /** Desired properties of a resource; null if the event has none. */
  properties: JsonMap | null;
  /** Current properties of a resource; null if the event has none. */
  previous: JsonMap | null;
  /** Presigned URL of the templates of a stack or change set. */
  payload?: string;
}

/** Returns the invocation, or the reason why the event is not one. */
export function parseInvocation(event: Json): HookInvocation | string {
  if (!isMap(event) || !isMap(event.requestData)) return "The event is not a hook invocation.";
  const { requestData: data, actionInvocationPoint: invocationPoint } = event;
  const type = nonEmptyString(data.targetName) ?? nonEmptyString(data.targetType);
  const name = nonEmptyString(data.targetLogicalId);
  if (type === undefined || name === undefined) return "The invocation has no target.";
  const target = targetOf(type, nonEmptyString(event.stackId));
  const action = /^(CREATE|UPDATE|DELETE)_PRE_PROVISION$/.exec(nonEmptyString(invocationPoint) ?? "")?.[1] as
    | HookInvocation["action"]
    | undefined;
  if (action === undefined && target !== "CHANGE_SET")
    return `Unknown invocation point: ${JSON.stringify(invocationPoint)}.`;
  const model = isMap(data.targetModel) ? data.targetModel : {};
  if (!isMap(model.previousResourceProperties ?? {}))
    return `The previousResourceProperties of ${name} are not an object.`;
  return {
    target,
    type,
    name,
    token: requestToken(event),
    properties: mapOrNull(model.resourceProperties),
    previous: previousProperties(model.previousResourceProperties, action),
    ...optional("action", action),
    ...optional("account", /^\d{12}$/.exec(nonEmptyString(event.awsAccountId) ?? "")?.[0]),
    ...optional("region", regionOf(event)),
    ...optional("stackId", nonEmptyString(event.stackId)),
    ...optional("changeSetId", target === "CHANGE_SET" ? name : nonEmptyString(event.changeSetId)),
    ...optional("hook", nonEmptyString(event.hookTypeName)),
    ...optional("payload", nonEmptyString(data.payload)),
  };
}

export const requestToken = (event: Json): string =>
  (isMap(event) ? nonEmptyString(event.clientRequestToken) : undefined) ?? "";

function targetOf(type: string, stackId: string | undefined): HookInvocation["target"] {
  if (type === "STACK" || type === "CHANGE_SET") return type;
  return stackId === undefined ? "CLOUD_CONTROL" : "RESOURCE";
}

/** The event does not state the Region. The stack, the hook and its function are in the same one. */
function regionOf({ stackId, changeSetId, hookModel }: JsonMap): string | undefined {
  const arns = [stackId, changeSetId, isMap(hookModel) ? hookModel.LambdaFunction : undefined];
  return arns
    .map((arn) => /^arn:[\w-]+:(?:cloudformation|lambda):([\w-]+):/.exec(nonEmptyString(arn) ?? "")?.[1])
    .find((region) => region !== undefined);
}

const nonEmptyString = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const mapOrNull = (value: Json | undefined): JsonMap | null => (isMap(value) ? value : null);

/** CloudFormation sends an empty object if it creates a resource. Only an existing resource can have no properties. */
const previousProperties = (
  value: Json | undefined,
  action: HookInvocation["action"],
): HookInvocation["previous"] =>
  isMap(value) && (action === "UPDATE" || Object.keys(value).length > 0) ? value : null;

const optional = <K extends string, V>(name: K, value: V | undefined): { [N in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { [N in K]?: V };
