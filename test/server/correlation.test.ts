import assert from "node:assert/strict";
import { test } from "node:test";
import { correlationOf } from "../../src/hosts/server/correlation.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const ids = { trace_id: TRACE, span_id: SPAN };

// https://www.w3.org/TR/trace-context/#traceparent-header
const traceparents: [what: string, value: string, expected: object][] = [
  ["the example of the specification", `00-${TRACE}-${SPAN}-01`, ids],
  ["a trace that is not sampled", `00-${TRACE}-${SPAN}-00`, ids],
  ["unknown flags", `00-${TRACE}-${SPAN}-ff`, ids],
  ["a later version", `01-${TRACE}-${SPAN}-01`, ids],
  ["a later version with more parts", `cc-${TRACE}-${SPAN}-01-what-the-future-brings`, ids],
  ["version 00 with more parts", `00-${TRACE}-${SPAN}-01-more`, {}],
  ["a later version with text that is not a part", `01-${TRACE}-${SPAN}-01more`, {}],
  ["the invalid version ff", `ff-${TRACE}-${SPAN}-01`, {}],
  ["an all-zero trace ID", `00-${"0".repeat(32)}-${SPAN}-01`, {}],
  ["an all-zero parent ID", `00-${TRACE}-${"0".repeat(16)}-01`, {}],
  ["capital letters", `00-${TRACE.toUpperCase()}-${SPAN}-01`, {}],
  ["a short trace ID", `00-${TRACE.slice(1)}-${SPAN}-01`, {}],
  ["no flags", `00-${TRACE}-${SPAN}`, {}],
  ["two headers, which Node.js joins", `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`, {}],
  ["a space", ` 00-${TRACE}-${SPAN}-01`, {}],
  ["nothing", "", {}],
];
for (const [what, traceparent, expected] of traceparents)
  test(`traceparent with ${what}`, () => {
    assert.deepEqual(correlationOf({ headers: { traceparent, tracestate: "congo=t61rcWkgMzE" } }), expected);
  });

const requestIds: [value: string, isValid: boolean][] = [
  ["7b1c6f0e-3f0a-4a55-9a52-3d9c3e0f0f11", true],
  ["Root=1-67891233-abcdef012345678912345678", true],
  ["ghA/+==:pipeline@42", true],
  ["x".repeat(128), true],
  ["x".repeat(129), false],
  ["", false],
  ["two words", false],
  ["a\r\nset-cookie: b", false],
  ['"><script>', false],
  ["ü", false],
  ["a, b", false],
  [`eyJ${"a".repeat(20)}.${"b".repeat(20)}.${"c".repeat(20)}`, false],
];
for (const [value, isValid] of requestIds)
  test(`X-Request-Id ${JSON.stringify(value).slice(0, 60)} is ${isValid ? "logged" : "ignored"}`, () => {
    assert.deepEqual(
      correlationOf({ headers: { "x-request-id": value } }),
      isValid ? { request_id: value } : {},
    );
  });

test("without the headers, there are no IDs", () => {
  assert.deepEqual(correlationOf({ headers: {} }), {});
});
