/** The compiled rules: documents that no format would create. */
import type { Document } from "../../../src/core/model/document.ts";
import { normalizeInputs } from "../../../src/core/pipeline.ts";
import { drawHole, sourcesOf } from "../../laws/hole-law.ts";
import { standalone } from "../../laws/holes/others.ts";
import { Random } from "../../laws/random.ts";
import { bytesOf, expect, type Target, textOf } from "../harness/target.ts";
import { engine } from "../oracles/report.ts";
import { seedsOf } from "../seeds.ts";
import { twisted } from "../twists.ts";

const documentOf = (path: string, text: string): Uint8Array =>
  bytesOf(JSON.stringify(normalizeInputs([{ path, text, named: true }]).document));

const good = normalizeInputs(sourcesOf(standalone(new Random(1)), true)).document;

const dictionary = [
  ...[
    "unknown",
    "keys",
    "aliases",
    "grants",
    "consumers",
    "shares",
    "statements",
    "access",
    "principals",
    "actions",
  ],
  ...[
    "policy",
    "location",
    "file",
    "line",
    "version",
    "dataVersion",
    "identityPolicies",
    "removals",
    "secrets",
  ],
  ...[
    "everyone",
    "account",
    "service",
    "Decrypt",
    "*",
    "111122223333",
    "fail",
    "exact",
    "pattern",
    "conditions",
  ],
];

export const rulesTarget: Target = {
  name: "rules",
  dictionary,
  seeds: () =>
    seedsOf("kubernetes", "kubernetes")
      .filter((_, i) => i % 10 === 0)
      .map((text) => documentOf("objects.yaml", textOf(text))),
  generate(random) {
    const { files } = drawHole(random);
    const [[path, text] = ["", ""]] = Object.entries(files);
    return bytesOf(twisted(textOf(documentOf(path, text)), random, dictionary));
  },
  check(input, thorough) {
    let document: unknown;
    try {
      document = JSON.parse(textOf(input));
    } catch {
      return;
    }
    if (typeof document !== "object" || document === null || Array.isArray(document)) return;
    try {
      engine.evaluate(document as Document);
    } catch (error) {
      // A document that the rules cannot evaluate is an error, never a pass.
      const isOwn = /^The evaluation of the rules failed/.test((error as Error).message);
      if (!isOwn && !isBeforeRules(error)) throw error;
    }
    if (!thorough) return;
    const found = engine
      .evaluate(good)
      .some(({ rule, verdict }) => rule === "public_access" && verdict === "fail");
    expect(found, "after a document, the rules no longer find an open key");
  },
};

/** The document is split into batches before the rules see it, which relies on its shape. */
const isBeforeRules = (error: unknown): boolean =>
  error instanceof TypeError && /\/engine\/batch\.ts|\/model\/document\.ts/.test(error.stack ?? "");
