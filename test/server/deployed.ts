import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { ConfigMap, Volume } from "kubernetes-types/core/v1.d.ts";
import type { Certificate } from "./certificates.ts";
import { container, the } from "./manifest-support.ts";
import { scratch } from "./served.ts";

/** Options that the test environment determines. */
const REPLACED = /^--(listen|decision-timeout|workers|tls-cert|tls-key)=/;

/**
 * Returns the arguments and the working directory of the server as deploy/kubernetes starts it. Volumes become
 * directories. Without a certificate, the server uses plain HTTP.
 */
export function deployedServer(certificate?: Certificate): { args: string[]; cwd: string } {
  const pod = the<Deployment>("Deployment").spec?.template.spec;
  const { args: all = [], volumeMounts = [], workingDir = "" } = container();
  const folders = new Map<string, string>();
  for (const { name, mountPath } of volumeMounts)
    folders.set(mountPath, volumeFolder(pod?.volumes?.find((volume) => volume.name === name)));
  const local = (path: string): string => {
    const mount = [...folders.keys()].find((one) => path === one || path.startsWith(`${one}/`));
    return mount === undefined ? path : join(folders.get(mount) ?? "", path.slice(mount.length));
  };
  const [command, ...args] = all;
  assert.equal(command, "serve");
  const tls = certificate === undefined ? [] : certificateArgs(certificate);
  const kept = args
    .filter((arg) => !REPLACED.test(arg))
    .map((arg) => arg.replace(/=(\/.*)$/, (_, path: string) => `=${local(path)}`));
  return { args: [...kept, ...tls], cwd: local(workingDir) };
}

function volumeFolder(volume: Volume | undefined): string {
  const folder = scratch();
  const { data = {} } = volume?.configMap === undefined ? {} : the<ConfigMap>("ConfigMap");
  for (const [name, text] of Object.entries(data)) writeFileSync(join(folder, name), text);
  return folder;
}

function certificateArgs({ cert, key }: Certificate): string[] {
  const folder = join(scratch(), "tls");
  mkdirSync(folder);
  const [certPath, keyPath] = [join(folder, "tls.crt"), join(folder, "tls.key")];
  writeFileSync(certPath, cert);
  writeFileSync(keyPath, key);
  return ["--tls-cert", certPath, "--tls-key", keyPath];
}
