import type { Unknown, Value } from "../../model/document.ts";
import type { Node, UnknownPartType } from "../../model/node.ts";
import { partitionOf } from "../../model/region.ts";
import { canonicalExpression, type EvaluationContext, literalNode, unknownNode } from "./context.ts";

const pseudoParameterTypes: { [name: string]: UnknownPartType | undefined } = {
  "AWS::AccountId": "account-id",
  "AWS::Partition": "partition",
  "AWS::Region": "region",
  "AWS::URLSuffix": "dns-suffix",
  "AWS::StackName": "name",
  "AWS::StackId": "name",
};

/** Returns the value of a pseudo parameter; undefined for AWS::NoValue, null if the name is not a pseudo parameter. */
export function pseudoNode(
  context: EvaluationContext,
  name: string,
  pointer: string,
): Node | undefined | null {
  if (name === "AWS::NoValue") return undefined;
  if (name === "AWS::NotificationARNs") return unknownNode(context, pointer, "set at deployment", name);
  if (!Object.hasOwn(pseudoParameterTypes, name)) return null;
  const literal = pseudoValue(context, name);
  // The account stays a symbol, so that it equals the key owner everywhere.
  if (literal !== undefined && name !== "AWS::AccountId") return literalNode(context, pointer, literal);
  const self = name === "AWS::AccountId" ? { self: true } : {};
  return unknownNode(context, pointer, "set at deployment", name, {
    type: pseudoParameterTypes[name],
    ...self,
  });
}

function pseudoValue(context: EvaluationContext, name: string): string | undefined {
  const decided = context.state.decided.get(canonicalExpression({ Ref: name }));
  if (name === "AWS::Region") return context.options.region ?? decided ?? undefined;
  const region =
    context.options.region ??
    context.state.decided.get(canonicalExpression({ Ref: "AWS::Region" })) ??
    undefined;
  if (name === "AWS::Partition") return region === undefined ? (decided ?? undefined) : partitionOf(region);
  if (name === "AWS::URLSuffix") {
    const partition = pseudoValue(context, "AWS::Partition");
    if (partition !== "aws-cn" && partition !== "aws" && partition !== "aws-us-gov")
      return decided ?? undefined;
    return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  }
  return decided ?? undefined;
}

/** Returns the Region, partition, and account. Call it at the end of the evaluation, after all choices. */
export function deploymentTarget(context: EvaluationContext): {
  region: Value<string>;
  partition: Value<string>;
  owner: Value<string>;
} {
  const value = (name: string): Value<string> =>
    pseudoValue(context, name) ?? unknownValue("set at deployment", name);
  const account = context.options.account ?? pseudoValue(context, "AWS::AccountId");
  return {
    region: value("AWS::Region"),
    partition: value("AWS::Partition"),
    owner: account ?? unknownValue("the account is not specified", ""),
  };
}

/** Returns whether the chosen Region is in the chosen partition. */
export function isConsistentTarget(context: EvaluationContext): boolean {
  const chosen = context.state.decided.get(canonicalExpression({ Ref: "AWS::Partition" }));
  const partition = pseudoValue(context, "AWS::Partition");
  return typeof chosen !== "string" || partition === undefined || partition === chosen;
}

const unknownValue = (reason: string, expression: string): Unknown => ({ unknown: { reason, expression } });
