import { equal, match } from "node:assert/strict";
import { describe, it } from "node:test";
import type { Finding } from "../../src/core/model/report.ts";
import { reporters } from "../../src/reporters/index.ts";
import { empty, finding, options } from "./support.ts";

const who = "`Who` is unknown (parameter without default)";
const region = "`AWS::Region` is unknown";
const unknown = (rule: string, changes: Partial<Finding>): Finding =>
  finding({ rule, verdict: "unknown", resource: "OrdersKey", ...changes });
const because = (rule: string, ...causes: string[]): Finding =>
  unknown(rule, { causes, message: `Cannot tell whether ${rule} applies: ${causes.join("; ")}.` });
const when = (rule: string, assumption: string): Finding =>
  unknown(rule, { failsIf: [assumption], message: `If ${assumption}: The key is bad.` });

/** Returns the unknown verdicts of the output format text, without the summary. */
const textOf = (...findings: Finding[]): string =>
  (reporters.get("text")?.({ ...empty, findings }, { ...options, width: 200 }) ?? "")
    .split("\n\n")
    .slice(0, -1)
    .join("\n\n");

const cases: { name: string; findings: Finding[]; text: string }[] = [
  {
    name: "one cause of several rules is one entry",
    findings: [because("full_access", who), because("public_access", who)],
    text: `Unknown (a required value is not in the input):
  ${who}: full_access, public_access
    OrdersKey (orders.json:7)`,
  },
  {
    name: "a cause of one verdict stays in its message",
    findings: [because("full_access", who)],
    text: `Unknown (a required value is not in the input):
  orders.json:7:20: unknown OrdersKey
    full_access: Cannot tell whether full_access applies: ${who}.`,
  },
  {
    name: "a verdict with a shared cause is listed for each of its causes",
    findings: [because("full_access", who), because("public_access", who, region)],
    text: `Unknown (a required value is not in the input):
  ${who}: full_access, public_access
    OrdersKey (orders.json:7)
  ${region}: public_access
    OrdersKey (orders.json:7)`,
  },
  {
    name: "verdicts that fail for some values come first",
    findings: [
      because("full_access", who),
      when("public_access", 'Stage is "prod"'),
      when("rotation_disabled", 'Stage is "prod"'),
    ],
    text: `Unknown (fails for some of the possible values):
  When Stage is "prod":
    orders.json:7:20: OrdersKey: public_access: The key is bad.
    orders.json:7:20: OrdersKey: rotation_disabled: The key is bad.

Unknown (a required value is not in the input):
  orders.json:7:20: unknown OrdersKey
    full_access: Cannot tell whether full_access applies: ${who}.`,
  },
];

describe("unknown verdicts", () => {
  for (const { name, findings, text } of cases)
    it(name, () => {
      equal(textOf(...findings), text);
    });

  it("many resources of one cause are counted", () => {
    const findings = Array.from({ length: 8 }, (_, i) => ({
      ...because("full_access", who),
      resource: `Key${i}`,
    }));
    match(textOf(...findings), /Key0 \(orders\.json:7\), .*Key4 \(orders\.json:7\), and\s+3 more/s);
  });

  for (const format of ["markdown", "html"])
    it(`are folded in ${format}`, () => {
      const findings = [
        because("full_access", who),
        because("public_access", who),
        when("rotation_disabled", "A"),
      ];
      const output = reporters.get(format)?.({ ...empty, findings }, options) ?? "";
      equal(output.split("parameter without default").length, 2);
      match(output, /Fails when A/);
    });
});
