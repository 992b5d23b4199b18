import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { tooMany } from "../../gate/failure.ts";
import type { Failure } from "../../gate/protocol.ts";

const inflaters = new Map([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  ["deflate", inflate],
]);

/** A request's part of the bytes that the bodies of all requests may have together. */
export class Share {
  private readonly room: { left: number };
  private taken = 0;

  constructor(room: { left: number }) {
    this.room = room;
  }

  /** Whether there was room for so many more. */
  take(bytes: number): boolean {
    if (bytes > this.room.left) return false;
    this.room.left -= bytes;
    this.taken += bytes;
    return true;
  }

  leave(): void {
    this.room.left += this.taken;
    this.taken = 0;
  }
}

/** The body of a request, inflated; or why it is not to be had. Rejects where the client goes away. */
export async function bodyOf(
  request: IncomingMessage,
  limit: number,
  share: Share,
): Promise<Buffer | Failure> {
  const encoding = (request.headers["content-encoding"] ?? "identity").toLowerCase();
  const inflater = inflaters.get(encoding);
  if (inflater === undefined && encoding !== "identity")
    return unreadable(`Content-Encoding ${encoding.slice(0, 40)} is not known: gzip and deflate are.`);
  const read = await readUpTo(request, limit, share);
  if (!Buffer.isBuffer(read) || inflater === undefined || read.length === 0) return read;
  try {
    const inflated = await promisify<Buffer, { maxOutputLength: number }, Buffer>(inflater)(read, {
      maxOutputLength: limit,
    });
    return share.take(inflated.length) ? inflated : tooMany;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return tooLarge(limit);
    return unreadable(`The body is no ${encoding}.`);
  }
}

async function readUpTo(request: IncomingMessage, limit: number, share: Share): Promise<Buffer | Failure> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return tooLarge(limit);
  const chunks: Buffer[] = [];
  let length = 0;
  // Not `for await`: to leave it destroys the request, and with it the connection that the answer goes to.
  return new Promise((resolve, reject) => {
    const stop = (why: Failure) => {
      request.pause();
      resolve(why);
    };
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) stop(tooLarge(limit));
      else if (!share.take(chunk.length)) stop(tooMany);
      else chunks.push(chunk);
    });
    request.once("end", () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once("error", reject);
    request.once("close", () => reject(new Error("The client went away.")));
  });
}

const tooLarge = (limit: number): Failure => ({
  kind: "too-large",
  message: `The body has more than ${limit} bytes.`,
});

const unreadable = (message: string): Failure => ({ kind: "unreadable", message });
