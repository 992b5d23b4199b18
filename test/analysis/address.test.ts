import assert from "node:assert/strict";
import { test } from "node:test";
import { addressesOf, isNarrowNetwork } from "../../src/core/analysis/address.ts";
import type { Interval } from "../../src/core/analysis/values.ts";

const ranges = (...texts: string[]) => texts.map((text) => addressesOf(text) as Interval);

test("CIDR ranges are intervals", () => {
  assert.deepEqual(addressesOf("10.0.0.0/8"), [10n << 24n, (11n << 24n) - 1n]);
  assert.deepEqual(
    addressesOf("10.1.2.3/8"),
    addressesOf("10.0.0.0/8"),
    "bits after the prefix do not count",
  );
  assert.deepEqual(addressesOf("192.0.2.1"), addressesOf("192.0.2.1/32"));
  assert.deepEqual(addressesOf("2001:db8::/32"), addressesOf("2001:0db8:0:0:0:0:0:0/32"));
  for (const text of ["", "300.1.1.1", "10.0.0.0/33", "1.2.3", "1:2::3::4", "2001:db8::/129", "x"])
    assert.equal(addressesOf(text), null, text);
});

test("a network is narrow if all its public addresses together are at most a /8", () => {
  for (const [texts, narrow] of [
    [["203.0.113.0/24", "198.51.100.7"], true],
    [["52.0.0.0/8"], true],
    [["0.0.0.0/1", "128.0.0.0/1"], false],
    [["52.0.0.0/8", "54.0.0.0/8"], false],
    [["52.0.0.0/9", "52.0.0.0/8"], true],
    [["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"], true],
    [["::/0"], false],
    [["2001:db8::/32"], true],
  ] as const)
    assert.equal(isNarrowNetwork(ranges(...texts)), narrow, texts.join());
});
