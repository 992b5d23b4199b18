import assert from "node:assert/strict";
import { test } from "node:test";
import { markRequiredPresence } from "../src/core/key-policy/condition.ts";
import type { Condition } from "../src/core/model/document.ts";

const condition = (operator: string, key: string, more: Partial<Condition> = {}) =>
  ({ operator, ifExists: false, key, values: [], ...more }) as unknown as Condition;

/** Returns the positions of the conditions whose key another condition requires. */
const marked = (...conditions: Condition[]) =>
  markRequiredPresence(conditions).flatMap(({ presenceRequired }, i) => (presenceRequired ? [i] : []));

test("a condition whose key another condition requires cannot hold because the key is absent", () => {
  const is = condition("StringEquals", "aws:sourceaccount");
  const isNot = condition("StringNotEquals", "aws:sourceaccount");
  assert.deepEqual(marked(is), []);
  assert.deepEqual(marked(isNot, is), [0]);
  assert.deepEqual(marked(is, is), [0, 1]);
  assert.deepEqual(marked(isNot, condition("StringEquals", "aws:sourceaccount", { ifExists: true })), []);
  const present = condition("Null", "aws:sourceaccount", {
    values: [{ text: "false" }] as Condition["values"],
  });
  assert.deepEqual(marked(present, isNot), [1]);
  const names = condition("StringEquals", "kms:encryptioncontextkeys", { set: "ForAllValues" });
  assert.deepEqual(marked(condition("StringEquals", "kms:encryptioncontext:a"), names), [1]);
  assert.deepEqual(marked(condition("StringEquals", "aws:requesttag/a"), names), []);
});

test("the time to find required keys is proportional to the number of conditions", () => {
  let reads = 0;
  const counted = (i: number) =>
    Object.defineProperty(condition("StringEquals", ""), "key", {
      get: () => {
        reads++;
        return `kms:key${i}`;
      },
    });
  marked(...Array.from({ length: 1000 }, (_, i) => counted(i)));
  assert.ok(reads <= 10_000, String(reads));
});
