import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../../core/model/message.ts";
import type { RuleBundle } from "../../../gate/rule-bundle.ts";
import { jitter } from "../jitter.ts";
import type { Telemetry } from "../telemetry/types.ts";
import { unpackBundle } from "./archive.ts";
import { type BundleDownload, downloadBundle, parseBundleUrl } from "./download.ts";
import { parseRuleBundle } from "./rule-bundle.ts";
import type { Verifier } from "./signature.ts";
import { openBundleState } from "./state.ts";
import { assertNewer, BundleRollbackError, type BundleVersion, bundleVersion, isOlder } from "./version.ts";

export interface BundleOptions extends BundleDownload {
  /** Returns the function that verifies signatures. Without it, bundles need no signature. */
  verifier?: () => Verifier;
  /** Accepts a signed bundle that is older than the last one, or has no sequence number. */
  allowRollback?: boolean;
  /** Directory that keeps the last activated bundle. Without it, a restart forgets this bundle. */
  stateDir?: string;
  /** Between two downloads. */
  intervalMs: number;
  /** Pause after the first failure. It doubles after each further failure, up to `intervalMs`. */
  retryDelayMs?: number;
}

/** Uses a bundle from now on. Rejects if it cannot be used. */
export type ApplyBundle = (bundle: RuleBundle) => Promise<void>;

/** Rules from a bundle server. */
export interface BundleSource {
  /**
   * Applies the bundle of the state directory, if there is one and it is still valid. Rejects with an Error if the state
   * cannot be read.
   */
  restore(apply: ApplyBundle): Promise<void>;
  /**
   * Downloads the bundle repeatedly, and applies each new one. If a bundle is not valid or is older, or its `apply`
   * rejects, the rules do not change: the failure is logged and counted, and the bundle is downloaded again.
   */
  watch(apply: ApplyBundle): void;
  stop(): void;
}

type BundleTelemetry = Pick<Telemetry, "log" | "count" | "setBundleTime">;

/** Throws an Error if the URL or the state directory cannot be used. */
export function createBundleSource(options: BundleOptions, telemetry: BundleTelemetry): BundleSource {
  const { url, verifier, allowRollback = false, intervalMs, retryDelayMs = 1000 } = options;
  const { origin, pathname } = parseBundleUrl(url);
  const bundleName = origin + pathname;
  const state = options.stateDir === undefined ? undefined : openBundleState(options.stateDir);
  const stopping = new AbortController();
  const { signal } = stopping;
  let etag: string | undefined;
  /** Digest of the archive that was applied last, because a server need not support ETags. */
  let appliedDigest: string | undefined;
  /** The function that verified this archive. A new key makes the old signature worthless. */
  let verifiedBy: Verifier | undefined;
  let active: BundleVersion | undefined;
  /** The active bundle, while it could not be stored. */
  let unsaved: Uint8Array | undefined;

  telemetry.setBundleTime("activated", NEVER);
  telemetry.setBundleTime("last_success", NEVER);

  /** Applies an archive unless it is the current one. */
  const activate = async (bytes: Uint8Array, apply: ApplyBundle, isStored = false): Promise<boolean> => {
    const verify = verifier?.();
    const digest = createHash("sha256").update(bytes).digest("hex");
    const isNew = digest !== appliedDigest;
    if (!isNew && verify === verifiedBy) return false;
    const files = await unpackBundle(bytes);
    await verify?.(files);
    verifiedBy = verify;
    if (!isNew) return false;
    const version = bundleVersion(files);
    // Without a signature, anyone can write any sequence number.
    if (verify !== undefined && !allowRollback) assertNewer(version, active);
    await apply(parseRuleBundle(files));
    appliedDigest = digest;
    active = version;
    if (!isStored) unsaved = bytes;
    telemetry.setBundleTime("activated", new Date());
    return true;
  };

  /** Stores the active bundle. A failure never stops decisions, and is repeated with the next download. */
  const save = async (): Promise<void> => {
    if (state === undefined || unsaved === undefined) return;
    try {
      // Another server that shares the directory may have stored a newer bundle.
      const stored = await state.load().catch(() => undefined);
      if (allowRollback || !isOlder(active, stored?.version)) state.save(unsaved);
      unsaved = undefined;
    } catch (error) {
      throw new StateError(
        `Cannot write "${state.path}": ${messageOf(error)}. Until then, a restart forgets the bundle in use.`,
      );
    }
  };

  /** Returns whether there was a new bundle. A bundle that was not applied is downloaded again. */
  const update = async (apply: ApplyBundle): Promise<boolean> => {
    if (verifier?.() !== verifiedBy) etag = undefined;
    const downloaded = await downloadBundle(options, etag, signal);
    const isNew = downloaded !== null && (await activate(downloaded.bytes, apply));
    if (downloaded !== null) etag = downloaded.etag;
    telemetry.setBundleTime("last_success", new Date());
    await save();
    return isNew;
  };

  const poll = async (apply: ApplyBundle): Promise<void> => {
    let failures = 0;
    let lastReason = "";
    while (!signal.aborted) {
      try {
        const isNew = await update(apply);
        if (failures > 0 && !isNew)
          telemetry.log.info({ bundle: bundleName }, "The bundle is available again");
        failures = 0;
        lastReason = "";
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        const reason = messageOf(error);
        // Logs a repeated failure only once. The metric counts every failure.
        reportFailure(error, reason === lastReason ? "debug" : "error");
        lastReason = reason;
      }
      const delay = failures === 0 ? intervalMs : Math.min(intervalMs, retryDelayMs * 2 ** (failures - 1));
      await sleep(delay * jitter(0.1), undefined, { signal, ref: false });
    }
  };

  const reportFailure = (error: unknown, level: "debug" | "error"): void => {
    const fields = { bundle: bundleName, reason: messageOf(error) };
    const isRollback = error instanceof BundleRollbackError;
    telemetry.count(isRollback ? "bundle_rollback_refused" : "bundle_failed");
    if (isRollback) telemetry.log[level](fields, "Refused an older bundle; the current rules stay in use");
    else if (error instanceof StateError) telemetry.log[level](fields, "Cannot store the bundle in use");
    else telemetry.log[level](fields, "Cannot use the bundle; the current rules stay in use");
  };

  return {
    async restore(apply) {
      const stored = await state?.load();
      if (state === undefined || stored === undefined) return;
      const { bytes, version } = stored;
      active = version;
      try {
        await activate(bytes, apply, true);
        telemetry.log.info({ file: state.path, revision: version.revision }, "Activated the stored bundle");
      } catch (error) {
        telemetry.log.warn(
          { file: state.path, reason: messageOf(error) },
          "Cannot use the stored bundle; waiting for the bundle server",
        );
      }
    },
    watch(apply) {
      poll(apply).catch((error) => {
        if (!signal.aborted)
          telemetry.log.error({ reason: messageOf(error) }, "The bundle is no longer downloaded");
      });
    },
    stop: () => stopping.abort(),
  };
}

/** An alert on the age of a bundle also fires if there never was one. */
const NEVER = new Date(0);

class StateError extends Error {}
