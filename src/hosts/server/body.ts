import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { tooManyRequests } from "../../gate/failure.ts";
import type { RequestFailure } from "../../gate/protocol.ts";
import type { ClientBudget } from "./client-budget.ts";

const decompressors = new Map([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", inflate],
]);

/** The bytes that a request uses from the budget for all request bodies. */
export class BodyReservation {
  private readonly budget: ClientBudget;
  private readonly client: string;
  private reserved = 0;

  constructor(budget: ClientBudget, client: string) {
    this.budget = budget;
    this.client = client;
  }

  /** Returns false if the client exceeds its share of the budget. */
  reserve(bytes: number): boolean {
    if (!this.budget.reserve(this.client, bytes)) return false;
    this.reserved += bytes;
    return true;
  }

  release(): void {
    this.budget.release(this.client, this.reserved);
    this.reserved = 0;
  }
}

/** A failure, and the start of the body if it is too large: the response to an AdmissionReview needs its uid. */
type BodyFailure = RequestFailure & { start?: Buffer };

/** Bytes to keep of a body that is too large. */
const START_BYTES = 64 * 1024;
/** The factor of the maximum up to which a larger body is read. Clients that are still writing ignore the response. */
const MAX_DISCARDED = 4;

/**
 * Returns the decompressed body of a request, or a failure. Rejects if the client disconnects. `maxBytes` applies to
 * the compressed and to the decompressed body.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  reservation: BodyReservation,
): Promise<Buffer | BodyFailure> {
  const encoding = (request.headers["content-encoding"] ?? "identity").toLowerCase();
  const decompress = decompressors.get(encoding);
  if (decompress === undefined && encoding !== "identity")
    return unreadable(`Content-Encoding ${encoding.slice(0, 40)} is not supported. Use gzip or deflate.`);
  const body = await readUpTo(request, maxBytes, reservation);
  if (!Buffer.isBuffer(body) || decompress === undefined || body.length === 0) return body;
  try {
    const decompressed = await promisify<Buffer, { maxOutputLength: number }, Buffer>(decompress)(body, {
      maxOutputLength: maxBytes,
    });
    return reservation.reserve(decompressed.length) ? decompressed : tooManyRequests;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return tooLarge(maxBytes);
    return unreadable(`The body is not valid ${encoding} data.`);
  }
}

async function readUpTo(
  request: IncomingMessage,
  maxBytes: number,
  reservation: BodyReservation,
): Promise<Buffer | BodyFailure> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > maxBytes * MAX_DISCARDED) return tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving a `for await` loop would destroy the request, and with it the connection for the response.
  return new Promise((resolve, reject) => {
    const fail = (failure: RequestFailure) => {
      request.pause();
      resolve(failure);
    };
    request.on("data", (chunk: Buffer) => {
      const isNeeded = length < (declared > maxBytes ? START_BYTES : maxBytes);
      length += chunk.length;
      if (length > maxBytes * MAX_DISCARDED) fail(tooLarge(maxBytes));
      else if (!isNeeded || length > maxBytes) return;
      else if (!reservation.reserve(chunk.length)) fail(tooManyRequests);
      else chunks.push(chunk);
    });
    request.once("end", () => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      resolve(length > maxBytes ? { ...tooLarge(maxBytes), start: body.subarray(0, START_BYTES) } : body);
    });
    request.once("error", reject);
    request.once("close", () => reject(new Error("The client disconnected.")));
  });
}

const tooLarge = (maxBytes: number): RequestFailure => ({
  kind: "too-large",
  message: `The body is larger than ${maxBytes} bytes.`,
});

const unreadable = (message: string): RequestFailure => ({ kind: "unreadable", message });
