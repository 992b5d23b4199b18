import { deepEqual, equal, notEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { loadEngine } from "../../src/core/engine/engine.ts";
import { fingerprints } from "../../src/core/model/fingerprint.ts";
import { checkInputs } from "../../src/core/pipeline.ts";
import { finding } from "./support.ts";

const engine = loadEngine(
  readFileSync("bundles/policy.wasm"),
  JSON.parse(readFileSync("bundles/rules.json", "utf8")),
);

const statements = [
  {
    Sid: "Root",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:root" },
    Action: "kms:*",
    Resource: "*",
  },
  { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" },
  { Effect: "Allow", Principal: "*", Action: ["kms:Encrypt", "kms:Sing"], Resource: "*" },
  {
    Sid: "Not",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111122223333:root" },
    NotAction: "kms:Sign",
    Resource: "*",
  },
];
const harmless = (Sid: string) => ({
  Sid,
  Effect: "Deny",
  Principal: "*",
  Action: "kms:Encrypt",
  Resource: "*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Returns the fingerprints of the findings in a policy, with their rules. */
function named(Statement: object[], indent: number, blank = 0): string[] {
  const text = `${"\n".repeat(blank)}${JSON.stringify({ Version: "2012-10-17", Statement }, null, indent)}`;
  const { findings } = checkInputs([{ path: "key.json", text, named: true }], { engine });
  const names = fingerprints(findings);
  return findings.map((f) => `${f.rule} ${names.get(f)}`).sort();
}

describe("the fingerprint of a finding", () => {
  it("remains when lines, indentation and other statements move", () => {
    const before = named(statements, 2);
    notEqual(before.length, 0);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 30 }),
        fc.array(fc.integer({ min: 0, max: statements.length }), { maxLength: 4 }),
        (indent, blank, places) => {
          const moved: object[] = [...statements];
          for (const [i, place] of places.entries()) moved.splice(place, 0, harmless(`Guard${i}`));
          deepEqual(named(moved, indent, blank), before);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("remains for other findings when one is fixed", () => {
    const all = named(statements, 2);
    const fewer = named(statements.slice(0, 3), 2);
    deepEqual(
      fewer,
      all.filter((name) => !name.startsWith("not_action_allow ")),
    );
  });

  it("changes with the excerpt", () => {
    const [a, b] = [finding(), finding({ excerpt: { firstLine: 7, lines: ['"Principal": {"AWS": "*"},'] } })];
    notEqual(fingerprints([a]).get(a), fingerprints([b]).get(b));
  });

  it("differs between files, rules, resources, statements and verdicts", () => {
    const one = finding();
    const all = [
      one,
      finding({ location: { ...one.location, file: "other.json" } }),
      finding({ rule: "not_principal_allow" }),
      finding({ resource: "OrdersKey" }),
      finding({ statement: "Other" }),
      finding({ verdict: "unknown" }),
    ];
    equal(new Set(fingerprints(all).values()).size, all.length);
  });

  it("numbers equal findings in the order of their lines", () => {
    const [first, second] = [1, 9].map((line) => finding({ location: { ...finding().location, line } }));
    const names = fingerprints([second, first] as never);
    const [name] = names.get(first as never)?.split(":") ?? [];
    deepEqual([names.get(first as never), names.get(second as never)], [`${name}:1`, `${name}:2`]);
  });

  it("does not depend on unrelated lines of a resource", () => {
    const resource = (lines: string[]) => {
      const { statement: _, ...rest } = finding({ excerpt: { firstLine: 3, lines } });
      return rest;
    };
    const [a, b] = [resource(["Key:", "  Description: a"]), resource(["Key:", "  Description: b"])];
    equal(fingerprints([a as never]).get(a as never), fingerprints([b as never]).get(b as never));
  });
});
