import { sha256 } from "@noble/hashes/sha2.js";

/** Replaces node:crypto in browsers, whose own SHA-256 is asynchronous. */
export function createHash(_: "sha256") {
  const hash = sha256.create();
  const digest = (_: "hex"): string =>
    Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const hash256 = {
    update(data: string | Uint8Array) {
      hash.update(typeof data === "string" ? new TextEncoder().encode(data) : data);
      return hash256;
    },
    digest,
  };
  return hash256;
}
