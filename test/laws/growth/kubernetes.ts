/** Kubernetes objects and Helm templates whose normalization could grow faster than their text. */
import { allow, type Family, json, nested, policy, repeat, root } from "./family.ts";

const object = (name: string, keyPolicy: unknown = policy(root), more: object = {}) => ({
  apiVersion: "kms.aws.upbound.io/v1beta1",
  kind: "Key",
  metadata: { name, ...more },
  spec: {
    deletionPolicy: "Orphan",
    forProvider: {
      region: "eu-west-1",
      enableKeyRotation: true,
      policy: typeof keyPolicy === "string" ? keyPolicy : json(keyPolicy),
    },
  },
});
const alias = (name: string, reference: object) => ({
  apiVersion: "kms.aws.upbound.io/v1beta1",
  kind: "Alias",
  metadata: { name },
  spec: { forProvider: { region: "eu-west-1", ...reference } },
});
const stream = (objects: unknown[]) => objects.map((one) => `---\n${json(one)}\n`).join("");
const composition = (spec: object) =>
  stream([
    {
      apiVersion: "apiextensions.crossplane.io/v1",
      kind: "Composition",
      metadata: { name: "c" },
      spec,
    },
  ]);
const file = (name: string, n: number, text: (n: number) => string, path = "objects.yaml"): Family => ({
  name: `Kubernetes: ${name}`,
  n,
  files: (size) => ({ [path]: text(size) }),
});

const yamlKey = (fields: string, before = "") =>
  `apiVersion: kms.services.k8s.aws/v1alpha1\nkind: Key\nmetadata:\n  name: orders\n${before}spec:\n  enableKeyRotation: true\n${fields}`;

export const kubernetesFamilies: Family[] = [
  file("keys", 150, (n) => stream(repeat(n, (i) => object(`k${i}`)))),
  file("keys of one name", 150, (n) => stream(repeat(n, () => object("k")))),
  file("aliases and keys", 150, (n) =>
    stream(repeat(n, (i) => [object(`k${i}`), alias(`a${i}`, { targetKeyIdRef: { name: `k${i}` } })]).flat()),
  ),
  file("aliases and keys of one name", 100, (n) =>
    stream(repeat(n, (i) => [object("k"), alias(`a${i}`, { targetKeyIdRef: { name: "k" } })]).flat()),
  ),
  file("selectors", 100, (n) =>
    stream(
      repeat(n, (i) => [
        object(`k${i}`, policy(root), { labels: { a: "b" } }),
        alias(`a${i}`, { targetKeyIdSelector: { matchLabels: { a: "b" } } }),
      ]).flat(),
    ),
  ),
  file("labels", 1000, (n) =>
    stream([
      object("k", policy(root), { labels: Object.fromEntries(repeat(n, (i) => [`l${i}`, "x"])) }),
      alias("a", {
        targetKeyIdSelector: { matchLabels: Object.fromEntries(repeat(n, (i) => [`l${i}`, "x"])) },
      }),
    ]),
  ),
  file(
    "a list",
    150,
    (n) => json({ apiVersion: "v1", kind: "List", items: repeat(n, (i) => object(`k${i}`)) }),
    "objects.json",
  ),
  file(
    "lists in lists",
    45,
    (n) =>
      json(nested<unknown>(n, object("k"), (inner) => ({ apiVersion: "v1", kind: "List", items: [inner] }))),
    "objects.json",
  ),
  file(
    "lists in lists of two",
    45,
    (n) =>
      json(
        nested<unknown>(n, object("k"), (inner) => ({
          apiVersion: "v1",
          kind: "List",
          items: [inner, object("x")],
        })),
      ),
    "objects.json",
  ),
  file("namespaces", 500, (n) =>
    stream([
      ...repeat(n, (i) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name: `n${i}` } })),
      ...repeat(100, (i) => object(`k${i}`, policy(root), { namespace: `n${i}` })),
    ]),
  ),
  file("compositions", 100, (n) =>
    composition({
      resources: repeat(n, (i) => ({
        name: `r${i}`,
        base: object(`k${i}`),
        patches: [{ fromFieldPath: "spec.a", toFieldPath: "spec.forProvider.policy" }],
      })),
    }),
  ),
  file("patches", 1000, (n) =>
    composition({
      resources: [
        {
          name: "r",
          base: object("k"),
          patches: repeat(n, (i) => ({
            fromFieldPath: "spec.a",
            toFieldPath: `spec.forProvider.tags.t${i}`,
          })),
        },
      ],
    }),
  ),
  file("patches with long paths", 300, (n) =>
    composition({
      resources: [
        {
          name: "r",
          base: object("k"),
          patches: repeat(10, (i) => ({
            fromFieldPath: "spec.a",
            toFieldPath: `spec.forProvider.tags${i}${".t".repeat(n)}`,
          })),
        },
      ],
    }),
  ),
  file("patch sets", 100, (n) =>
    composition({
      patchSets: [
        {
          name: "p",
          patches: repeat(n, (i) => ({
            fromFieldPath: "spec.a",
            toFieldPath: `spec.forProvider.tags.t${i}`,
          })),
        },
      ],
      resources: repeat(n, (i) => ({
        name: `r${i}`,
        base: object(`k${i}`),
        patches: repeat(n, () => ({ type: "PatchSet", patchSetName: "p" })),
      })),
    }),
  ),
  file("a deep policy", 80, (n) =>
    stream([object("k", policy(root, allow({ Principal: nested<unknown>(n, "*", (inner) => [inner]) })))]),
  ),
  file("annotations", 1000, (n) =>
    stream([
      object("k", policy(root), {
        annotations: { "keywarden.dev/ignore": repeat(n, () => "public_access -- x").join("\n") },
      }),
    ]),
  ),
  file("placeholders", 10_000, (n) =>
    stream([object("k", policy(root, allow({ Resource: "$A".repeat(n) })))]),
  ),
  file("Helm: actions", 3000, (n) => yamlKey(repeat(n, (i) => `  a${i}: {{ .Values.kms }}\n`).join(""))),
  file("Helm: actions on one line", 5000, (n) => yamlKey(`  a: "${"{{ .Values.kms }}".repeat(n)}"\n`)),
  file("Helm: actions on their own lines", 3000, (n) =>
    yamlKey(repeat(n, () => "  {{- toYaml .Values.kms }}\n").join("")),
  ),
  file("Helm: blocks", 2000, (n) =>
    yamlKey(repeat(n, (i) => `  {{- if .Values.kms }}\n  a${i}: 1\n  {{- end }}\n`).join("")),
  ),
  file("Helm: nested blocks", 2000, (n) =>
    yamlKey(`${"  {{- if .Values.kms }}\n".repeat(n)}  a: 1\n${"  {{- end }}\n".repeat(n)}`),
  ),
  file("Helm: else branches", 1500, (n) =>
    yamlKey(
      repeat(n, (i) => `  {{- if .Values.kms }}\n  a${i}: 1\n  {{- else }}\n  a${i}: 2\n  {{- end }}\n`).join(
        "",
      ),
    ),
  ),
  file("Helm: open actions", 50_000, (n) => yamlKey(`  a: "${"{{".repeat(n)}"\n`)),
  file("Helm: open comments", 20_000, (n) => yamlKey(`  a: "${"{{/*".repeat(n)}"\n`)),
  file("Helm: open actions with dashes", 20_000, (n) => yamlKey(`  a: "${"{{- ".repeat(n)}"\n`)),
  file("Helm: spaces in an action", 50_000, (n) => yamlKey(`  a: "{{-${" ".repeat(n)}"\n`)),
  file("Helm: spaces before actions", 1000, (n) =>
    yamlKey(repeat(n, () => `${" ".repeat(100)}{{ x }}\n`).join("")),
  ),
  file("Helm: blank lines", 50_000, (n) => yamlKey(`  {{ x }}\n${"\n".repeat(n)}  {{ y }}\n`)),
  file("Helm: spaces and tabs", 50_000, (n) => `${" \t-".repeat(n)}\n${yamlKey("  {{ x }}\n")}`),
  file("Helm: unclosed blocks", 3000, (n) => yamlKey(`${"  {{- if .Values.kms }}\n".repeat(n)}  a: 1\n`)),
  file("Helm: keys in blocks", 1000, (n) =>
    yamlKey(repeat(n, (i) => `  k${i}:\n    {{- if .Values.kms }}\n    a: 1\n    {{- end }}\n`).join("")),
  ),
];
