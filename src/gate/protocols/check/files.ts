import { getMultipartBoundary, MultipartParseError, parseMultipart } from "@remix-run/multipart-parser";
import { decodeUtf8 } from "../../../core/parse/decode.ts";
import { mediaType } from "../../media.ts";
import type { ProtocolRequest } from "../../protocol.ts";
import type { NamedFile } from "../decision-input.ts";

/** A body without usable files. */
export interface RejectedBody {
  status: 400 | 415;
  detail: string;
}

export const isRejectedBody = (files: NamedFile[] | RejectedBody): files is RejectedBody =>
  !Array.isArray(files);

/** Media types of text files. curl sends a file as application/x-www-form-urlencoded by default. */
const TEXT_TYPES =
  /^(?:|text\/.+|application\/(?:.+\+)?(?:json|yaml|x-yaml|hcl|terraform|octet-stream|x-www-form-urlencoded))$/;

/** Returns the body as one file with the path from the query, or the parts of a multipart form by their file names. */
export function filesFromRequest(
  { body, headers }: ProtocolRequest,
  path: string | undefined,
): NamedFile[] | RejectedBody {
  const header = headers["content-type"] ?? "";
  const type = mediaType(header);
  if (type === "multipart/form-data") {
    if (path !== undefined)
      return badRequest("A multipart form has a file name for each part. Remove the query parameter path.");
    return partsOf(body, header);
  }
  const charset = /;\s*charset="?([^";\s]+)/i.exec(header)?.[1] ?? "utf-8";
  if (!TEXT_TYPES.test(type) || !/^(?:utf-?8|us-ascii)$/i.test(charset))
    return {
      status: 415,
      detail: `Content-Type ${header} is not supported. Send text in UTF-8, or a multipart form.`,
    };
  if (body.length === 0) return badRequest("The body is empty. Send a file.");
  const text = decodeFile(path ?? "The body", body);
  return typeof text === "string" ? [{ ...(path === undefined ? {} : { path }), text }] : text;
}

/** https://www.rfc-editor.org/rfc/rfc7578 */
function partsOf(body: Uint8Array, header: string): NamedFile[] | RejectedBody {
  const boundary = getMultipartBoundary(header)?.trim();
  if (boundary === undefined || boundary === "") return badRequest("The multipart form has no boundary.");
  const files: NamedFile[] = [];
  try {
    // The server has already limited the size of the body.
    for (const part of parseMultipart(body, {
      boundary,
      maxFileSize: body.length,
      maxTotalSize: body.length,
    })) {
      const path = part.filename ?? part.name;
      if (path === undefined)
        return badRequest("A part of the multipart form has neither a file name nor a name.");
      const text = decodeFile(path, part.bytes);
      if (typeof text !== "string") return text;
      files.push({ path, text });
    }
  } catch (error) {
    if (error instanceof MultipartParseError)
      return badRequest(`The multipart form is not valid: ${error.message}.`);
    // The parser decodes the header of a part when its file name is read.
    if ((error as NodeJS.ErrnoException).code === "ERR_ENCODING_INVALID_ENCODED_DATA")
      return badRequest("The multipart form is not valid: the header of a part is not UTF-8.");
    throw error;
  }
  return files.length === 0 ? badRequest("The multipart form has no files.") : files;
}

function decodeFile(path: string, bytes: Uint8Array): string | RejectedBody {
  const decoded = decodeUtf8(path, Buffer.from(bytes));
  if ("text" in decoded) return decoded.text;
  const { line, message } = decoded.problem;
  return badRequest(`${path}${line === undefined ? "" : `, line ${line}`}: ${message}`);
}

const badRequest = (detail: string): RejectedBody => ({ status: 400, detail });
