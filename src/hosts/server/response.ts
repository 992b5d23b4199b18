import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ProtocolResponse } from "../../gate/protocol.ts";

/** Compression hardly makes smaller bodies any smaller. */
const MIN_COMPRESSED_BYTES = 1400;

/** Sends a response, compressed if the client accepts it. Returns false if the client has disconnected. */
export async function sendResponse(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers, body }: ProtocolResponse,
  { closing }: { closing: boolean },
): Promise<boolean> {
  let bytes: Buffer = Buffer.from(body);
  const allHeaders: { [name: string]: string | number } = { "cache-control": "no-store", ...headers };
  if (bytes.length > MIN_COMPRESSED_BYTES && acceptsGzip(incoming.headers["accept-encoding"])) {
    bytes = await promisify<Buffer, Buffer>(gzip)(bytes);
    allHeaders["content-encoding"] = "gzip";
    allHeaders.vary = "accept-encoding";
  }
  if (outgoing.destroyed || outgoing.headersSent) return false;
  allHeaders["content-length"] = bytes.length;
  // The unread part of a body would be taken for the next request. A stopping server asks clients to reconnect.
  if (!incoming.complete || closing) allHeaders.connection = "close";
  outgoing.writeHead(status, allHeaders);
  outgoing.end(bytes);
  return true;
}

const acceptsGzip = (acceptEncoding = ""): boolean =>
  String(acceptEncoding)
    .split(",")
    .some((coding) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$)|$)/i.test(coding));
