import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../../core/model/message.ts";
import type { Policy } from "../../../gate/policy.ts";
import type { Telemetry } from "../telemetry.ts";
import { policyOf } from "./accept.ts";
import { unpack } from "./archive.ts";
import { checkUrl, type Download, download, Unavailable } from "./download.ts";
import { type Verifier, verifier } from "./signature.ts";

export interface BundleSettings extends Download {
  /** The key that bundles have to be signed with, PEM: without it they need no signature. */
  publicKey?: string;
  /** The id that the signature has to give its key. */
  keyId?: string;
  /** The scope that the signature has to have. */
  scope?: string;
  /** Between two questions, in milliseconds. */
  interval: number;
  /** The first pause after a failure, in milliseconds; doubled each time, up to the interval. */
  pause?: number;
}

/** Rules from a server of bundles. */
export interface BundleSource {
  /**
   * The bundle as it is now, which counts as applied. Asks three times where the server cannot be reached. Rejects with
   * an Error that says why there is none.
   */
  current(): Promise<Policy>;
  /**
   * Asks again and again, and applies each new bundle. One that is refused, or whose `apply` rejects, changes nothing:
   * it is logged, counted as `bundle_failed`, and fetched again.
   */
  watch(apply: (policy: Policy) => Promise<void>): void;
  stop(): void;
}

const ATTEMPTS = 3;

/** Throws an Error where the URL or the key cannot be used. */
export function bundleSource(
  settings: BundleSettings,
  telemetry: Pick<Telemetry, "log" | "count">,
): BundleSource {
  const { url, publicKey, keyId, scope, interval, pause = 1000 } = settings;
  const { origin, pathname } = checkUrl(url);
  const verify = publicKey === undefined ? undefined : verifier({ publicKey, keyId, scope });
  const stopping = new AbortController();
  const { signal } = stopping;
  let etag: string | undefined;
  /** Of the bundle that was applied last: a server need not have ETags. */
  let applied: string | undefined;
  /** `ref`: somebody waits, and the process with them. */
  const rest = (delay: number, ref: boolean) => sleep(delay * jitter(), undefined, { signal, ref });

  /** Whether there was a new bundle. Only one that was applied is not asked for again. */
  const take = async (apply: (policy: Policy) => void | Promise<void>): Promise<boolean> => {
    const found = await download(settings, etag, signal);
    if (found === null) return false;
    const digest = createHash("sha256").update(found.bytes).digest("hex");
    if (digest !== applied) {
      await apply(await opened(found.bytes, verify));
      applied = digest;
      etag = found.etag;
      return true;
    }
    etag = found.etag;
    return false;
  };

  const watching = async (apply: (policy: Policy) => Promise<void>): Promise<void> => {
    let failures = 0;
    let said = "";
    while (!signal.aborted) {
      await rest(failures === 0 ? interval : Math.min(interval, pause * 2 ** (failures - 1)), false);
      try {
        const isNew = await take(apply);
        if (failures > 0 && !isNew)
          telemetry.log.info({ bundle: origin + pathname }, "The bundle is there again");
        failures = 0;
        said = "";
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        telemetry.count("bundle_failed");
        const reason = messageOf(error);
        // The same is said once; the metric counts it each time.
        telemetry.log[reason === said ? "debug" : "error"](
          { bundle: origin + pathname, reason },
          "The bundle was not taken over; the rules stay as they are",
        );
        said = reason;
      }
    }
  };

  return {
    async current() {
      for (let attempt = 1; ; attempt++) {
        let policy: Policy | undefined;
        // What is current is taken whether or not it was before.
        etag = applied = undefined;
        try {
          await take((found) => {
            policy = found;
          });
          if (policy !== undefined) return policy;
        } catch (error) {
          if (!(error instanceof Unavailable) || attempt === ATTEMPTS) throw error;
        }
        await rest(pause * 2 ** (attempt - 1), true);
      }
    },
    watch(apply) {
      watching(apply).catch((error) => {
        if (!signal.aborted) telemetry.log.error({ error }, "The bundle is no longer watched");
      });
    },
    stop: () => stopping.abort(),
  };
}

async function opened(bytes: Uint8Array, verify: Verifier | undefined): Promise<Policy> {
  const files = await unpack(bytes);
  await verify?.(files);
  return policyOf(files);
}

/** Between nine and eleven tenths: servers that started together do not ask together. */
const jitter = (): number => 0.9 + Math.random() / 5;
