/** YAML whose parsing could grow faster than its text. */
import { allow, bracketed, type Family, json, repeat, root } from "./family.ts";

const policy = `Version: "2012-10-17"\nStatement:\n  - ${json(root)}\n  - ${json(allow({ Principal: "*" }))}\n`;
const file = (name: string, n: number, text: (n: number) => string): Family => ({
  name: `YAML: ${name}`,
  n,
  files: (size) => ({ "policy.yaml": text(size) }),
});

export const yamlFamilies: Family[] = [
  file(
    "billion laughs",
    10,
    (n) =>
      `a0: &a0 [kms, kms]\n${repeat(n, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}, *a${i}]\n`).join("")}${policy}`,
  ),
  file(
    "merge keys that double",
    12,
    (n) =>
      `a0: &a0 {x0: 1}\n${repeat(n, (i) => `a${i + 1}: &a${i + 1} {y${i}: *a${i}, <<: [*a${i}, *a${i}]}\n`).join("")}${policy}`,
  ),
  file(
    "a chain of merge keys",
    400,
    (n) =>
      `a0: &a0 {x0: 1}\n${repeat(n, (i) => `a${i + 1}: &a${i + 1} {<<: *a${i}, x${i + 1}: 1}\n`).join("")}${policy}`,
  ),
  file(
    "one merge key of many mappings",
    1000,
    (n) =>
      `a: &a {${repeat(n, (i) => `k${i}: 1`).join(", ")}}\n${repeat(n, (i) => `b${i}: {<<: *a}\n`).join("")}${policy}`,
  ),
  file(
    "a merge key with one alias many times",
    1000,
    (n) =>
      `a: &a {${repeat(n, (i) => `k${i}: 1`).join(", ")}}\nb: {<<: [${repeat(n, () => "*a").join(", ")}]}\n${policy}`,
  ),
  file(
    "aliases of a long string",
    1000,
    (n) => `a: &a "${"kms".repeat(n * 10)}"\nb: [${repeat(n, () => "*a").join(", ")}]\n${policy}`,
  ),
  file(
    "aliases of a statement",
    400,
    (n) =>
      `a: &a ${json(allow())}\nVersion: "2012-10-17"\nStatement:\n  - ${json(root)}\n${repeat(n, () => "  - *a\n").join("")}`,
  ),
  file(
    "aliases of principals",
    100,
    (n) =>
      `a: &a [${repeat(n, (i) => `"arn:aws:iam::444455556666:role/r${i}"`).join(", ")}]\nVersion: "2012-10-17"\nStatement:\n${repeat(n, () => '  - {Effect: Allow, Principal: {AWS: *a}, Action: "kms:Decrypt", Resource: "*"}\n').join("")}`,
  ),
  file("anchors", 10_000, (n) => `${repeat(n, (i) => `k${i}: &a${i} 1\n`).join("")}${policy}`),
  file("documents", 10_000, (n) => `${repeat(n, () => "--- 1\n").join("")}---\n${policy}`),
  file("policies", 150, (n) => repeat(n, () => `---\n${policy}`).join("")),
  file("broken documents", 10_000, (n) => `${repeat(n, () => "--- {\n").join("")}---\n${policy}`),
  file("flow lists", 90, (n) => `a: ${bracketed(n, "[", "", "]")}\n${policy}`),
  file("deep flow lists", 50_000, (n) => `a: ${bracketed(n, "[", "", "]")}\n${policy}`),
  file("open flow lists", 100_000, (n) => `${policy}a: ${"[".repeat(n)}\n`),
  file("deep flow mappings", 30_000, (n) => `a: ${bracketed(n, "{a: ", "", "}")}\n${policy}`),
  file("block lists", 50_000, (n) => `a:\n  ${"- ".repeat(n)}x\n${policy}`),
  file("question marks", 50_000, (n) => `${"? ".repeat(n)}x\n${policy}`),
  file("deep block mappings", 95, (n) => `${repeat(n, (i) => `${" ".repeat(i)}k:\n`).join("")}${policy}`),
  file("keys", 8000, (n) => `${repeat(n, (i) => `key${i}: 1\n`).join("")}${policy}`),
  file(
    "a duplicate key",
    8000,
    (n) => `${repeat(n, (i) => `key${i}: 1\n`).join("")}key${n - 1}: 2\n${policy}`,
  ),
  file("an implicit key without end", 100_000, (n) => `${policy}${"k".repeat(n)}`),
  file("quoted keys", 100_000, (n) => `"${"k".repeat(n)}": kms\n${policy}`),
  file("a folded string", 50_000, (n) => `a: >\n${"  k\n".repeat(n / 4)}${policy}`),
  file("blank lines in a folded string", 100_000, (n) => `a: >\n  k\n${"\n".repeat(n)}  k\n${policy}`),
  file("a quoted string on many lines", 50_000, (n) => `a: "${"k\n ".repeat(n / 3)}"\n${policy}`),
  file("a single-quoted string on many lines", 50_000, (n) => `a: '${"k\n ".repeat(n / 3)}'\n${policy}`),
  file("continuation lines at column 0", 50_000, (n) => `a: "${"k\n".repeat(n / 2)}"\n${policy}`),
  file("many continued strings", 5000, (n) => `${repeat(n, (i) => `a${i}: "k\nk"\n`).join("")}${policy}`),
  file("many continued flow lists", 5000, (n) => `${repeat(n, (i) => `a${i}: [k,\nk]\n`).join("")}${policy}`),
  file("a flow list at column 0", 30_000, (n) => `a: [\n${"k,\n".repeat(n)}]\n${policy}`),
  file("a plain string on many lines", 50_000, (n) => `a: k\n${"  k\n".repeat(n / 4)}${policy}`),
  file("open quotes", 50_000, (n) => `${policy}${'a: "\n'.repeat(n / 5)}`),
  file("open single quotes", 50_000, (n) => `${policy}${"a: '\n".repeat(n / 5)}`),
  file("escapes", 20_000, (n) => `a: "${"\\u006b".repeat(n)}"\n${policy}`),
  file("comments", 30_000, (n) => `${"# k\n".repeat(n)}${policy}`),
  file(
    "suppression comments",
    3000,
    (n) => `${policy}${repeat(n, () => "# keywarden:ignore public_access -- fine\n").join("")}`,
  ),
  file(
    "suppression comments between statements",
    400,
    (n) =>
      `Version: "2012-10-17"\nStatement:\n${repeat(n, (i) => `  # keywarden:ignore public_access -- fine ${i}\n  - ${json(allow({ Principal: "*" }))}\n`).join("")}`,
  ),
  file("comments on one line", 50_000, (n) => `a: k #${"# ".repeat(n)}keywarden:ignore x\n${policy}`),
  file("spaces in a suppression", 100_000, (n) => `# keywarden:ignore${" ".repeat(n)}x\n${policy}`),
  file("spaces on a line", 100_000, (n) => `a: k${" ".repeat(n)}x\n${policy}`),
  file("spaces before a comment", 100_000, (n) => `a: k${" ".repeat(n)}# keywarden:ignore x\n${policy}`),
  file("colons", 50_000, (n) => `a: ${"k:".repeat(n)}\n${policy}`),
  file("tags", 10_000, (n) => `a: [${repeat(n, () => "!Ref kms").join(", ")}]\n${policy}`),
  file("nested tags", 90, (n) => `a: ${repeat(n, () => "!Sub [").join(" ")}kms${"]".repeat(n)}\n${policy}`),
  file(
    "tag directives",
    5000,
    (n) => `${repeat(n, (i) => `%TAG !t${i}! tag:a,2000:\n`).join("")}---\n${policy}`,
  ),
  file("tabs", 50_000, (n) => `a:\n${"\t".repeat(n)}k\n${policy}`),
  file("carriage returns", 100_000, (n) => `${"\r".repeat(n)}${policy}`),
  file("document ends", 30_000, (n) => `${"...\n".repeat(n)}${policy}`),
  file("numbers", 20_000, (n) => `a: [${repeat(n, (i) => String(i)).join(", ")}]\n${policy}`),
  file("a long number", 100_000, (n) => `a: ${"1".repeat(n)}\n${policy}`),
  file("a long number with underscores", 50_000, (n) => `a: ${"1_".repeat(n)}x\n${policy}`),
  file("a long plain string of spaces", 100_000, (n) => `a: k${" ".repeat(n)}\n${policy}`),
  file("placeholders", 20_000, (n) => `a: "${"{{ k }}".repeat(n / 5)}"\n${policy}`),
];
