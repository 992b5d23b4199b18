import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./support.ts";

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: { [name: string]: string };
    annotations?: { [name: string]: string };
  };
  spec?: object;
}

/** Where `kubernetes-types` has a kind. It has none of cert-manager and the Prometheus Operator. */
const modules: { [kind: string]: string } = {
  "v1 Namespace": "core/v1",
  "v1 ServiceAccount": "core/v1",
  "v1 ConfigMap": "core/v1",
  "v1 Service": "core/v1",
  "apps/v1 Deployment": "apps/v1",
  "autoscaling/v2 HorizontalPodAutoscaler": "autoscaling/v2",
  "policy/v1 PodDisruptionBudget": "policy/v1",
  "networking.k8s.io/v1 NetworkPolicy": "networking/v1",
  "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration": "admissionregistration/v1",
};

/** Adds two fields that the API has, and the types lack. */
const missingFields = `import "kubernetes-types/admissionregistration/v1";
declare module "kubernetes-types/admissionregistration/v1" {
  interface RuleWithOperations { resources?: string[]; scope?: string }
}`;

export const hasType = ({ apiVersion, kind }: Manifest): boolean =>
  Object.hasOwn(modules, `${apiVersion} ${kind}`);

/**
 * Returns the type errors of manifests as object literals: an unknown field, a missing one, or a value of another type.
 * Every manifest must have a type.
 */
export function typeErrors(manifests: Manifest[]): string[] {
  // In the project, where TypeScript finds the types.
  const folder = mkdtempSync(join(root, "node_modules/.manifests-"));
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: "esnext",
    moduleResolution: "bundler",
    types: [],
  };
  try {
    for (const [i, manifest] of manifests.entries()) {
      const { apiVersion, kind } = manifest;
      const path = modules[`${apiVersion} ${kind}`];
      const text = `import type { ${kind} } from "kubernetes-types/${path}";\nexport const it: ${kind} = ${JSON.stringify(manifest)};\n`;
      writeFileSync(join(folder, `${i}.ts`), text);
    }
    writeFileSync(join(folder, "missing.d.ts"), missingFields);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"]);
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: Buffer };
    return stdout
      .toString()
      .split("\n")
      .filter((line) => line.includes("error TS"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
