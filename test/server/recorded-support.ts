import { join } from "node:path";
import { root } from "./support.ts";

/** Requests as Kubernetes components sent them, and the gate's responses. `make test-gate-real RECORD=1` writes them. */
export const recordedFolder = join(root, "test/server/recorded");

/** Returns a JSON response, indented, without IDs and without the revision of the rules. */
export const normalizeResponse = (text: string): string =>
  `${JSON.stringify(JSON.parse(text), null, 2)
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, "00000000-0000-4000-8000-000000000001")
    .replace(/("revision": )"[\da-f]+"/g, '$1"(revision)"')}\n`;
