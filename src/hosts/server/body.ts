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

/**
 * Returns the decompressed body of a request, or a failure. Rejects if the client disconnects. `maxBytes` applies to
 * the compressed and to the decompressed body.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  reservation: BodyReservation,
): Promise<Buffer | RequestFailure> {
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
): Promise<Buffer | RequestFailure> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving a `for await` loop would destroy the request, and with it the connection for the response.
  return new Promise((resolve, reject) => {
    const fail = (failure: RequestFailure) => {
      request.pause();
      resolve(failure);
    };
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) fail(tooLarge(maxBytes));
      else if (!reservation.reserve(chunk.length)) fail(tooManyRequests);
      else chunks.push(chunk);
    });
    request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("close", () => reject(new Error("The client disconnected.")));
  });
}

const tooLarge = (maxBytes: number): RequestFailure => ({
  kind: "too-large",
  message: `The body is larger than ${maxBytes} bytes.`,
});

const unreadable = (message: string): RequestFailure => ({ kind: "unreadable", message });
