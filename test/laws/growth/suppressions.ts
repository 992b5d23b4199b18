/** Suppressions, baselines and config files whose application could grow faster than their text. */
import { allow, type Family, json, key, policy, repeat, root, template } from "./family.ts";

const open = (n: number) =>
  json(
    template(Object.fromEntries(repeat(n, (i) => [`Key${i}`, key(policy(root, allow({ Principal: "*" })))]))),
  );
const entries = (name: string, n: number, entry: (i: number, n: number) => object, keys = 1): Family => ({
  name: `suppression file: ${name}`,
  n,
  files: (size) => ({
    "template.json": open(keys === 0 ? size : keys),
    "keywarden.config.json": json({ suppressions: ["ignore.yaml"] }),
    "ignore.yaml": repeat(
      size,
      (i) => `- ${json({ rule: "public_access", reason: "x", ...entry(i, size) })}\n`,
    ).join(""),
  }),
});
const one = (name: string, n: number, entry: (n: number) => object): Family => ({
  name: `suppression file: ${name}`,
  n,
  files: (size) => ({
    "template.json": open(1),
    "keywarden.config.json": json({ suppressions: ["ignore.yaml"] }),
    "ignore.yaml": `- ${json({ rule: "public_access", reason: "x", ...entry(size) })}\n`,
  }),
});

export const suppressionFamilies: Family[] = [
  entries("entries", 1000, () => ({})),
  entries("entries and keys", 100, (i) => ({ resources: `Key${i}` }), 0),
  entries("files", 500, (i) => ({ files: `**/a${i}/*` })),
  entries("long globs", 30, (_, n) => ({ files: `${"*a".repeat(n)}b` })),
  one("a glob of stars", 500, (n) => ({ files: `${"*t".repeat(n)}.jsonx` })),
  one("a glob of globstars", 500, (n) => ({ files: `${"**/".repeat(n)}x` })),
  one("a glob of groups", 15, (n) => ({ files: `${"+(".repeat(n)}a${")".repeat(n)}b` })),
  one("a glob of alternatives", 15, (n) => ({ files: `${"{a,b}".repeat(n)}*x` })),
  one("a glob of ranges", 15, (n) => ({ files: `${"{1..999}".repeat(n)}*x` })),
  one("a glob of extglobs", 20, (n) => ({ files: `${"*(t|te|tem|templ)".repeat(n)}x` })),
  one("a glob of negations", 20, (n) => ({ files: `${"!(t|te|tem|templ)".repeat(n)}x` })),
  one("resources of stars", 500, (n) => ({ resources: `${"*e".repeat(n)}x` })),
  one("reason", 100_000, (n) => ({ reason: "x".repeat(n) })),
  one("rules", 5000, (n) => ({ rule: repeat(n, (i) => `rule_${i}`) })),
  one("a long rule", 50_000, (n) => ({ rule: "x".repeat(n) })),
];
