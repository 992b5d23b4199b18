import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import { ADMISSION_PATH, admissionProtocol } from "../../src/gate/protocols/admission.ts";
import { ackKey, decideBy, jsonOf, openPolicy, requestOf } from "./support.ts";

const folder = new URL("../../docs/server/", import.meta.url).pathname;
const read = (page: string) => readFileSync(join(folder, page), "utf8");

for (const page of ["kubernetes.md", "fleet.md"]) {
  test(`${page} has no broken links`, () => {
    const headings = (text: string) =>
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => title.toLowerCase().replaceAll(" ", "-"));
    for (const [, target = "", anchor] of read(page).matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)) {
      if (target.startsWith("https://")) continue;
      const path = join(folder, target === "" ? page : target);
      assert.ok(existsSync(path), target);
      if (anchor !== undefined) assert.ok(headings(readFileSync(path, "utf8")).includes(anchor), anchor);
    }
  });

  test(`${page} has valid YAML snippets`, () => {
    const snippets = [...read(page).matchAll(/^```yaml\n(.*?)^```$/gms)];
    assert.ok(snippets.length > 0);
    for (const [, text = ""] of snippets) assert.equal(typeof load(text), "object", text);
  });
}

test("a denial matches the example on the page", () => {
  const object = ackKey({ policy: openPolicy, enableKeyRotation: false });
  const body = {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: { uid: "u", operation: "CREATE", object },
  };
  const answer = admissionProtocol.handle(requestOf(ADMISSION_PATH, body), decideBy());
  const { response } = jsonOf(answer) as {
    response: { status: { message: string; reason: string }; warnings: string[] };
  };
  const page = read("kubernetes.md");
  assert.ok(page.includes(`(${response.status.reason})`));
  assert.ok(page.includes(`denied the request: ${response.status.message}\n`));
  assert.ok(response.warnings.some((text) => page.includes(`Warning: ${text}\n`)));
});
