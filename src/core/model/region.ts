import type { Value } from "./document.ts";

const partitions: [RegExp, string][] = [
  [/^cn-/, "aws-cn"],
  [/^us-gov-/, "aws-us-gov"],
  [/^us-iso-/, "aws-iso"],
  [/^us-isob-/, "aws-iso-b"],
  [/^eu-isoe-/, "aws-iso-e"],
  [/^us-isof-/, "aws-iso-f"],
  [/^eusc-/, "aws-eusc"],
];

/** Returns the partition of a Region. https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function partitionOf(region: string): string;
export function partitionOf(region: Value<string>): Value<string>;
export function partitionOf(region: Value<string>): Value<string> {
  if (typeof region !== "string") return region;
  return partitions.find(([pattern]) => pattern.test(region))?.[1] ?? "aws";
}

/** Returns whether a string looks like a Region in any partition: eu-west-1, us-gov-east-1, eusc-de-east-1. */
export const isRegion = (text: string): boolean => /^[a-z]{2,4}(-[a-z]+)+-\d+$/.test(text);
