import type { Protocol } from "../protocol.ts";

/** All that the server speaks over HTTP, in the order in which they are asked whether a request is theirs. */
export const protocols: readonly Protocol[] = [];
