import { setTimeout as sleep } from "node:timers/promises";
import { watchFiles } from "../../../node/watch.ts";
import type { Telemetry } from "../telemetry/types.ts";
import { earliestExpiry, validityWarnings } from "./certificates.ts";
import type { Secrets } from "./index.ts";
import { type ReloadableSecret, SecretFileError } from "./secret.ts";

type SecretTelemetry = Pick<Telemetry, "log" | "count" | "setCertificateExpiry">;

/** Reloads each secret when its files change. Returns functions to reload all secrets now, and to stop watching. */
export function watchSecrets(secrets: Secrets, telemetry: SecretTelemetry): { reload(): void; stop(): void } {
  reportCertificates(secrets, telemetry);
  const all = Object.values(secrets).filter((secret) => secret !== undefined);
  const unwatch = all.map((secret) => watchFiles(secret.paths, () => reloadChanged(secret, telemetry)));
  return {
    reload() {
      for (const secret of all) reload(secret, telemetry);
    },
    stop() {
      for (const stop of unwatch) stop();
    },
  };
}

/** Time in which the second file of a pair must follow the first one. */
const PAIR_TIMEOUT_MS = 5_000;

type WatchedSecret = Pick<ReloadableSecret<unknown>, "name" | "paths" | "reload" | "isUsable">;

/**
 * Reloads a secret whose files have changed. Tools write a certificate and its key one after the other: if files do not
 * belong together, waits for the other one before it reports an error.
 */
export async function reloadChanged(
  secret: WatchedSecret,
  telemetry: Pick<Telemetry, "log" | "count">,
  pause: () => Promise<unknown> = () => sleep(PAIR_TIMEOUT_MS, undefined, { ref: false }),
): Promise<void> {
  if (secret.paths.length > 1 && !secret.isUsable()) await pause();
  reload(secret, telemetry);
}

/** Reloads one secret. If its files cannot be used, their previous content stays in use. */
function reload(secret: WatchedSecret, telemetry: Pick<Telemetry, "log" | "count">): void {
  const { name, paths } = secret;
  try {
    secret.reload();
    telemetry.count("reloaded");
    telemetry.log.info({ files: paths }, `Reloaded the ${name}`);
  } catch (error) {
    const { file, reason } =
      error instanceof SecretFileError ? error : { file: paths.join(", "), reason: String(error) };
    telemetry.count("reload_failed");
    telemetry.log.error({ file, reason }, `Cannot reload the ${name}; the previous content stays in use`);
  }
}

/** Reports when certificates expire, now and after each reload. */
function reportCertificates(
  { certificate, clientAuthorities }: Pick<Secrets, "certificate" | "clientAuthorities">,
  { log, setCertificateExpiry }: SecretTelemetry,
): void {
  for (const [label, secret] of [
    ["server", certificate],
    ["client_ca", clientAuthorities],
  ] as const) {
    if (secret === undefined) continue;
    const report = () => {
      const { certificates } = secret.value;
      setCertificateExpiry(label, earliestExpiry(certificates));
      for (const warning of validityWarnings(certificates)) log.warn({ file: secret.paths[0] }, warning);
    };
    report();
    secret.onReload(report);
  }
}
