import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadAll } from "js-yaml";
import { hasType, type Manifest, typeErrors } from "../../server/kubernetes-types.ts";
import { output, root } from "../support.ts";

const kustomize = join(root, ".cache/helm/kustomize");
// In the project, because a kustomization cannot name other directories by absolute paths.
const overlay = mkdtempSync(join(root, ".cache/overlay-"));
after(() => rmSync(overlay, { recursive: true }));

const page = "docs/server/kubernetes.md";
/** The examples name directories of the repository by URL. */
const examples = [
  ...readFileSync(join(root, page), "utf8").matchAll(/^```yaml\n(# kustomization\.yaml\n[\s\S]*?)^```/gm),
].map(([, text = ""]) =>
  text.replace(/https:\/\/github\.com\/keywarden\/keywarden\/\/(\S+)\?ref=v[\d.]+/g, "../../$1"),
);

test("these tests find the examples", () => {
  assert.ok(examples.length >= 3);
});

for (const [i, text] of examples.entries())
  test(`${page}, example ${i + 1}: Kustomize builds it, and the objects are valid`, () => {
    writeFileSync(join(overlay, "kustomization.yaml"), text);
    const objects = loadAll(output(kustomize, ["build", overlay], { cwd: root })) as Manifest[];
    assert.deepEqual(typeErrors(objects.filter(hasType)), []);
  });
