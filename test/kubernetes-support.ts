import assert from "node:assert/strict";
import { parseHelmTemplate } from "../src/core/formats/kubernetes/helm-template.ts";
import { kubernetes } from "../src/core/formats/kubernetes/index.ts";
import { linkParts } from "../src/core/link/link.ts";
import type { Document } from "../src/core/model/document.ts";
import type { TargetOptions } from "../src/core/model/format.ts";
import type { Parsed, Problem } from "../src/core/model/source.ts";
import { parseYaml } from "../src/core/parse/yaml.ts";

/** Returns the document for manifest files, by path. */
export function documentOf(
  files: { [path: string]: string } | string,
  options: TargetOptions = {},
): Document {
  const named = typeof files === "string" ? { "keys.yaml": files } : files;
  const all = Object.entries(named).flatMap(([path, text]) => listed(parseYaml({ path, text })));
  return linked(all, options);
}

/** Returns the document for a Helm chart template. */
export const chartOf = (text: string): Document =>
  linked(listed(parseHelmTemplate({ path: "templates/key.yaml", text })), {});

function listed(parsed: Parsed[] | Problem): Parsed[] {
  if ("message" in parsed) assert.fail(parsed.message);
  return parsed;
}

function linked(all: Parsed[], options: TargetOptions): Document {
  const ours = all.filter(({ value, source }) => kubernetes.detect(value, source));
  return linkParts(
    ours.map((parsed) => kubernetes.normalize(parsed, options, all)),
    options,
  );
}

/** Returns a manifest with the given group, kind, and name, and fields in `forProvider` or, for ACK, in `spec`. */
export function manifest(group: string, kind: string, name: string, fields: string, metadata = ""): string {
  const indent = (text: string, by: string) => text.trim().replaceAll(/^(?=.)/gm, by);
  const spec = group.endsWith("k8s.aws") ? indent(fields, "  ") : `  forProvider:\n${indent(fields, "    ")}`;
  const rest = metadata === "" ? "" : `\n${indent(metadata, "  ")}`;
  const body = fields.trim() === "" ? "spec: {}" : `spec:\n${spec}`;
  return `apiVersion: ${group}/v1beta1\nkind: ${kind}\nmetadata:\n  name: ${name}${rest}\n${body}\n`;
}

export const ACK = "kms.services.k8s.aws";
export const UPBOUND = "kms.aws.upbound.io";
export const NAMESPACED = "kms.aws.m.upbound.io";
export const CLASSIC = "kms.aws.crossplane.io";
