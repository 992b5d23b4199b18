import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { Container } from "kubernetes-types/core/v1.d.ts";
import type { Manifest } from "./kubernetes-types.ts";
import { read, root } from "./support.ts";

export interface ManifestFile extends Manifest {
  file: string;
}

const manifestsIn = (folder: string): ManifestFile[] =>
  readdirSync(join(root, folder))
    .filter((file) => file !== "kustomization.yaml")
    .flatMap((file) =>
      (loadAll(read(`${folder}/${file}`)) as Manifest[]).map((manifest) => ({ ...manifest, file })),
    );

/** By directory of deploy/. */
export const server = manifestsIn("deploy/kubernetes");
export const gatekeeper = manifestsIn("deploy/gatekeeper");
export const egress = manifestsIn("deploy/components/egress");

/** Returns the only object with a kind and a name. */
export function the<T>(kind: string, name = "keywarden", from = server): T {
  const [found, ...others] = from.filter((one) => one.kind === kind && one.metadata.name === name);
  assert.ok(found, `${kind}/${name}`);
  assert.deepEqual(others, []);
  return found as T;
}

/** Returns the container of the deployment. */
export function container(): Container {
  const containers = the<Deployment>("Deployment").spec?.template.spec?.containers ?? [];
  assert.equal(containers.length, 1);
  return containers[0] as Container;
}
