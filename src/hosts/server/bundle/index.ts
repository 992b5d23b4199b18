import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../../core/model/message.ts";
import type { RuleBundle } from "../../../gate/rule-bundle.ts";
import type { Telemetry } from "../telemetry/types.ts";
import { unpackBundle } from "./archive.ts";
import { type BundleDownload, BundleUnavailableError, downloadBundle, parseBundleUrl } from "./download.ts";
import { parseRuleBundle } from "./rule-bundle.ts";
import { createVerifier, type Verifier } from "./signature.ts";

export interface BundleOptions extends BundleDownload {
  /** PEM of the key that must have signed the bundle. Without it, bundles need no signature. */
  publicKey?: string;
  /** Required key ID of the signature. */
  keyId?: string;
  /** Required scope of the signature. */
  scope?: string;
  /** Between two downloads. */
  intervalMs: number;
  /** Pause after the first failure. It doubles after each further failure, up to `intervalMs`. */
  retryDelayMs?: number;
}

/** Rules from a bundle server. */
export interface BundleSource {
  /**
   * Returns the current bundle, which counts as applied. Tries three times if the server is unavailable. Rejects with
   * an Error if there is no valid bundle.
   */
  current(): Promise<RuleBundle>;
  /**
   * Downloads the bundle repeatedly, and applies each new one. If a bundle is not valid, or its `apply` rejects, the
   * rules do not change: the failure is logged, counted as `bundle_failed`, and the bundle is downloaded again.
   */
  watch(apply: (bundle: RuleBundle) => Promise<void>): void;
  stop(): void;
}

const MAX_ATTEMPTS = 3;

/** Throws an Error if the URL or the key cannot be used. */
export function createBundleSource(
  options: BundleOptions,
  telemetry: Pick<Telemetry, "log" | "count">,
): BundleSource {
  const { url, publicKey, keyId, scope, intervalMs, retryDelayMs = 1000 } = options;
  const { origin, pathname } = parseBundleUrl(url);
  const verify = publicKey === undefined ? undefined : createVerifier({ publicKey, keyId, scope });
  const stopping = new AbortController();
  const { signal } = stopping;
  let etag: string | undefined;
  /** Digest of the bundle that was applied last, because a server need not support ETags. */
  let appliedDigest: string | undefined;
  /** `ref` keeps the process alive during the pause. */
  const pause = (ms: number, ref: boolean) => sleep(ms * jitter(), undefined, { signal, ref });

  /** Returns whether there was a new bundle. A bundle that was not applied is downloaded again. */
  const update = async (apply: (bundle: RuleBundle) => void | Promise<void>): Promise<boolean> => {
    const downloaded = await downloadBundle(options, etag, signal);
    if (downloaded === null) return false;
    const digest = createHash("sha256").update(downloaded.bytes).digest("hex");
    if (digest !== appliedDigest) {
      await apply(await openBundle(downloaded.bytes, verify));
      appliedDigest = digest;
      etag = downloaded.etag;
      return true;
    }
    etag = downloaded.etag;
    return false;
  };

  const poll = async (apply: (bundle: RuleBundle) => Promise<void>): Promise<void> => {
    let failures = 0;
    let lastReason = "";
    while (!signal.aborted) {
      await pause(
        failures === 0 ? intervalMs : Math.min(intervalMs, retryDelayMs * 2 ** (failures - 1)),
        false,
      );
      try {
        const isNew = await update(apply);
        if (failures > 0 && !isNew)
          telemetry.log.info({ bundle: origin + pathname }, "The bundle is available again");
        failures = 0;
        lastReason = "";
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        telemetry.count("bundle_failed");
        const reason = messageOf(error);
        // Logs a repeated failure only once. The metric counts every failure.
        telemetry.log[reason === lastReason ? "debug" : "error"](
          { bundle: origin + pathname, reason },
          "Cannot use the bundle; the current rules stay in use",
        );
        lastReason = reason;
      }
    }
  };

  return {
    async current() {
      for (let attempt = 1; ; attempt++) {
        let bundle: RuleBundle | undefined;
        // Forces a download even if the bundle has not changed.
        etag = appliedDigest = undefined;
        try {
          await update((newBundle) => {
            bundle = newBundle;
          });
          if (bundle !== undefined) return bundle;
        } catch (error) {
          if (!(error instanceof BundleUnavailableError) || attempt === MAX_ATTEMPTS) throw error;
        }
        await pause(retryDelayMs * 2 ** (attempt - 1), true);
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

async function openBundle(bytes: Uint8Array, verify: Verifier | undefined): Promise<RuleBundle> {
  const files = await unpackBundle(bytes);
  await verify?.(files);
  return parseRuleBundle(files);
}

/** Returns a factor from 0.9 to 1.1, so that servers that started together do not send requests together. */
const jitter = (): number => 0.9 + Math.random() / 5;
