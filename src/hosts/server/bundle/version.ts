import { createHash } from "node:crypto";
import { asMap, isMap, type JsonMap } from "../../../core/model/json.ts";
import type { Json } from "../../../core/model/source.ts";
import { valueOfJson } from "../../../gate/json.ts";
import { SIGNATURES_FILE } from "./signature.ts";

/** Identifies a bundle, and orders bundles. */
export interface BundleVersion {
  /** The revision in the manifest, if it has one. */
  revision?: string;
  /** `metadata.keywarden.sequence` in the manifest, which each new bundle increases. The signature covers it. */
  sequence?: number;
  /** SHA-256 of all files except the signature, which may differ each time that the same files are signed. */
  digest: string;
}

/** Returns the version of a bundle. Throws an Error if its manifest is not valid. */
export function bundleVersion(files: Map<string, Uint8Array>): BundleVersion {
  const { revision, metadata } = readJsonObject(files, ".manifest");
  const sequence = sequenceIn(metadata);
  return {
    digest: digestOf(files),
    ...(typeof revision === "string" && revision !== "" ? { revision } : {}),
    ...(sequence === undefined ? {} : { sequence }),
  };
}

function sequenceIn(metadata: Json | undefined): number | undefined {
  const { sequence } = asMap(asMap(metadata)["keywarden"]);
  if (sequence === undefined) return undefined;
  if (typeof sequence === "number" && Number.isSafeInteger(sequence) && sequence >= 0) return sequence;
  throw new Error(
    "The bundle's metadata.keywarden.sequence in /.manifest is not an integer from 0 to 9007199254740991",
  );
}

function digestOf(files: Map<string, Uint8Array>): string {
  const hash = createHash("sha256");
  for (const path of [...files.keys()].sort()) {
    if (path === SIGNATURES_FILE) continue;
    const content = files.get(path) as Uint8Array;
    hash.update(JSON.stringify([path, content.length])).update(content);
  }
  return hash.digest("hex");
}

/** Returns the content of a JSON file in a bundle, or an empty object if there is no such file. */
export function readJsonObject(files: Map<string, Uint8Array>, path: string): JsonMap {
  const file = files.get(path);
  if (file === undefined) return {};
  const value = valueOfJson(Buffer.from(file).toString());
  if (value !== undefined && isMap(value)) return value;
  throw new Error(`The bundle's /${path} is not a JSON object`);
}

/** A bundle with a valid signature that may be older than the active bundle. */
export class BundleRollbackError extends Error {}

/**
 * Throws a `BundleRollbackError` unless a bundle is newer than the bundle that was activated last, or is the same. An
 * attacker who can replace the file on the bundle server also has every bundle that was ever signed.
 */
export function assertNewer(bundle: BundleVersion, active: BundleVersion | undefined): void {
  if (bundle.digest === active?.digest) return;
  const { sequence } = bundle;
  if (sequence === undefined)
    throw new BundleRollbackError(
      `Bundle ${nameOf(bundle)} has no sequence number, so it may be older than ${active === undefined ? "bundles that were active before" : `bundle ${nameOf(active)}`}. Set metadata.keywarden.sequence in its /.manifest, or set --bundle-allow-rollback.`,
    );
  if (active?.sequence === undefined || sequence > active.sequence) return;
  const problem =
    sequence === active.sequence
      ? "has different content but the sequence number of"
      : "is older than the last activated";
  throw new BundleRollbackError(
    `Bundle ${nameOf(bundle)} ${problem} bundle ${nameOf(active)}. Build it with a sequence number above ${active.sequence}, or set --bundle-allow-rollback.`,
  );
}

/** Returns whether a bundle has a lower sequence number than another one. */
export const isOlder = (bundle: BundleVersion | undefined, other: BundleVersion | undefined): boolean =>
  other?.sequence !== undefined && (bundle?.sequence ?? -1) < other.sequence;

const nameOf = ({ revision, sequence }: BundleVersion): string =>
  [
    revision === undefined ? "without a revision" : JSON.stringify(revision.slice(0, 100)),
    ...(sequence === undefined ? [] : [`(sequence ${sequence})`]),
  ].join(" ");
