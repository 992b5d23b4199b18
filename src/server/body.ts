import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import type { Failure } from "./protocol.ts";

const inflaters: { [encoding: string]: typeof gunzip } = { gzip: gunzip, "x-gzip": gunzip, deflate: inflate };

/** The body of a request, inflated; or why it is not to be had. Rejects where the client goes away. */
export async function bodyOf(request: IncomingMessage, limit: number): Promise<Buffer | Failure> {
  const encoding = (request.headers["content-encoding"] ?? "identity").toLowerCase();
  const inflater = inflaters[encoding];
  if (inflater === undefined && encoding !== "identity")
    return unreadable(`Content-Encoding ${encoding.slice(0, 40)} is not known: gzip and deflate are.`);
  const read = await readUpTo(request, limit);
  if (!Buffer.isBuffer(read) || inflater === undefined || read.length === 0) return read;
  try {
    return await promisify<Buffer, { maxOutputLength: number }, Buffer>(inflater)(read, {
      maxOutputLength: limit,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") return tooLarge(limit);
    return unreadable(`The body is no ${encoding}.`);
  }
}

async function readUpTo(request: IncomingMessage, limit: number): Promise<Buffer | Failure> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return tooLarge(limit);
  const chunks: Buffer[] = [];
  let length = 0;
  // Not `for await`: to leave it destroys the request, and with it the connection that the answer goes to.
  return new Promise((resolve, reject) => {
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else {
        request.pause();
        resolve(tooLarge(limit));
      }
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
