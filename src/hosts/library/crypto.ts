import { sha256 } from "@noble/hashes/sha2.js";

/** As much of node:crypto as is used, where there is none: browsers have SHA-256 in promises alone. */
export function createHash(_: "sha256") {
  const hash = sha256.create();
  const digest = (_: "hex"): string =>
    Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const it = {
    update(data: string | Uint8Array) {
      hash.update(typeof data === "string" ? new TextEncoder().encode(data) : data);
      return it;
    },
    digest,
  };
  return it;
}
