import assert from "node:assert/strict";
import { test } from "node:test";
import { isRegion, partitionOf } from "../src/core/model/region.ts";

test("every Region has a partition", () => {
  for (const [region, partition] of [
    ["eu-central-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["us-iso-east-1", "aws-iso"],
    ["us-isob-east-1", "aws-iso-b"],
    ["eu-isoe-west-1", "aws-iso-e"],
    ["us-isof-south-1", "aws-iso-f"],
    ["eusc-de-east-1", "aws-eusc"],
  ] as const) {
    assert.ok(isRegion(region), region);
    assert.equal(partitionOf(region), partition, region);
  }
});

test("isRegion rejects other strings, and an unknown Region has an unknown partition", () => {
  for (const text of ["eu-central", "EU-CENTRAL-1", "eu-central-1a", ""]) assert.ok(!isRegion(text), text);
  const unknown = { unknown: { reason: "known only after apply", expression: "var.region" } };
  assert.equal(partitionOf(unknown), unknown);
});
