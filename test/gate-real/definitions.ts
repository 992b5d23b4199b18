import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { root } from "../server/support.ts";
import type { KubernetesObject } from "./api.ts";
import { programPath } from "./program.ts";

const go = (args: string[]): string => execFileSync("go", args, { cwd: root, encoding: "utf8" });

/** Returns the directory of a module. Go downloads it at most once, and compares it with its checksum database. */
const moduleFolder = (module: string): string => JSON.parse(go(["mod", "download", "-json", module])).Dir;

/** Returns the directory of a module that tools/gatekeeper requires. */
const gatekeeperModule = (path: string): string =>
  go(["-C", "tools/gatekeeper", "list", "-m", "-f", "{{.Dir}}", path]).trim();

const definitionsIn = (...path: string[]): KubernetesObject[] =>
  (loadAll(readFileSync(join(...path), "utf8")) as KubernetesObject[]).filter(
    (one) => one?.kind === "CustomResourceDefinition",
  );

/** Returns the definitions, as published by their projects, of the kinds in deploy/ that aren't part of Kubernetes. */
export function publishedDefinitions(): KubernetesObject[] {
  const certManager = join(moduleFolder("github.com/cert-manager/cert-manager@v1.21.2"), "deploy/crds");
  const operator = join(
    moduleFolder("github.com/prometheus-operator/prometheus-operator@v0.85.0"),
    "example/prometheus-operator-crd",
  );
  const gatekeeper = gatekeeperModule("github.com/open-policy-agent/frameworks/constraint");
  const definitions = [
    ...definitionsIn(certManager, "cert-manager.io_certificates.yaml"),
    ...definitionsIn(certManager, "cert-manager.io_issuers.yaml"),
    ...definitionsIn(operator, "monitoring.coreos.com_prometheusrules.yaml"),
    ...definitionsIn(operator, "monitoring.coreos.com_servicemonitors.yaml"),
    ...definitionsIn(gatekeeper, "deploy/crds.yaml"),
    constraintDefinition(),
  ];
  assert.equal(definitions.length, 7);
  return definitions;
}

/** Returns the definition that Gatekeeper creates from the constraint template. */
function constraintDefinition(): KubernetesObject {
  const template = join(root, "deploy/gatekeeper/template.yaml");
  const definition = JSON.parse(
    execFileSync(programPath("gatekeeper"), ["crd", template], { encoding: "utf8" }),
  );
  const { status: _, ...rest } = definition as KubernetesObject;
  return { ...rest, apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
}
