import { createHash } from "node:crypto";

/** Returns the revision of compiled rules: the first 12 hex digits of the module's SHA-256. */
export const moduleRevision = (wasm: Uint8Array): string =>
  createHash("sha256").update(wasm).digest("hex").slice(0, 12);
