import type { Unknown, Value } from "../../model/document.ts";
import type { HoleType, Node } from "../../model/node.ts";
import { partitionOf } from "../../model/region.ts";
import { canonical, type Run, scalar, unknown } from "./run.ts";

const types: { [name: string]: HoleType | undefined } = {
  "AWS::AccountId": "account-id",
  "AWS::Partition": "partition",
  "AWS::Region": "region",
  "AWS::URLSuffix": "dns-suffix",
  "AWS::StackName": "name",
  "AWS::StackId": "name",
};

/** A pseudo parameter's value; undefined for AWS::NoValue, null for a name that is none. */
export function pseudoNode(run: Run, name: string, pointer: string): Node | undefined | null {
  if (name === "AWS::NoValue") return undefined;
  if (name === "AWS::NotificationARNs") return unknown(run, pointer, "set when the stack is deployed", name);
  if (!Object.hasOwn(types, name)) return null;
  const literal = literalOf(run, name);
  // The account stays a symbol, so that it is the owner's wherever it stands.
  if (literal !== undefined && name !== "AWS::AccountId") return scalar(run, pointer, literal);
  const self = name === "AWS::AccountId" ? { self: true } : {};
  return unknown(run, pointer, "set when the stack is deployed", name, { type: types[name], ...self });
}

function literalOf(run: Run, name: string): string | undefined {
  const decided = run.state.decided.get(canonical({ Ref: name }));
  if (name === "AWS::Region") return run.options.region ?? decided ?? undefined;
  const region = run.options.region ?? run.state.decided.get(canonical({ Ref: "AWS::Region" })) ?? undefined;
  if (name === "AWS::Partition") return region === undefined ? (decided ?? undefined) : partitionOf(region);
  if (name === "AWS::URLSuffix") {
    const partition = literalOf(run, "AWS::Partition");
    if (partition !== "aws-cn" && partition !== "aws" && partition !== "aws-us-gov")
      return decided ?? undefined;
    return partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  }
  return decided ?? undefined;
}

/** Region, partition and account as this run, now at its end, has them. */
export function surroundings(run: Run): {
  region: Value<string>;
  partition: Value<string>;
  owner: Value<string>;
} {
  const value = (name: string): Value<string> =>
    literalOf(run, name) ?? unknownValue("set when the stack is deployed", name);
  const account = run.options.account ?? literalOf(run, "AWS::AccountId");
  return {
    region: value("AWS::Region"),
    partition: value("AWS::Partition"),
    owner: account ?? unknownValue("undecided", ""),
  };
}

/** Whether what the run chose for the Region and the partition can be together. */
export function fitting(run: Run): boolean {
  const chosen = run.state.decided.get(canonical({ Ref: "AWS::Partition" }));
  const partition = literalOf(run, "AWS::Partition");
  return typeof chosen !== "string" || partition === undefined || partition === chosen;
}

const unknownValue = (reason: string, expression: string): Unknown => ({ unknown: { reason, expression } });
