import { createHash } from "node:crypto";

/** What tells compiled rules apart: the first 12 hex digits of the module's SHA-256. */
export const moduleRevision = (wasm: Uint8Array): string =>
  createHash("sha256").update(wasm).digest("hex").slice(0, 12);
