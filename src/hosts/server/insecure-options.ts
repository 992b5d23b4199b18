import { isLocal, type ServerOptions } from "../../session/server-options.ts";
import type { Logger } from "./telemetry/types.ts";

/** Logs a warning for each option that lets requests through without a decision, or without authentication. */
export function warnOfInsecureOptions(
  { failMode, address, tls, tokenFile, anonymous, bundle }: ServerOptions,
  log: Logger,
): void {
  if (failMode === "open")
    log.warn(
      { fail_mode: failMode },
      "FAIL-MODE OPEN: requests that cannot be decided are allowed, including keys that violate rules",
    );
  if (bundle !== undefined && bundle.keyFile === undefined)
    log.warn(
      { bundle: bundle.url },
      "Bundles are not verified: the bundle server decides what is allowed. Sign bundles, and set --bundle-key",
    );
  if (bundle?.allowRollback)
    log.warn(
      { bundle: bundle.url },
      "Older bundles are accepted. Remove --bundle-allow-rollback when the intended bundle is active",
    );
  if (isLocal(address)) return;
  if (tls === undefined && tokenFile !== undefined)
    log.warn(
      {},
      "Clients send their tokens unencrypted. Set --tls-cert and --tls-key, or terminate TLS in front of the server",
    );
  if (anonymous.length > 0)
    log.warn({ anonymous }, "Every client can use these paths without authentication");
}
