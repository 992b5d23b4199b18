import { getMultipartBoundary, MultipartParseError, parseMultipart } from "@remix-run/multipart-parser";
import { decodeUtf8 } from "../../../core/parse/decode.ts";
import { mediaType } from "../../media.ts";
import type { Request } from "../../protocol.ts";
import type { NamedText } from "../inputs.ts";

/** Why a body holds no files. */
export interface Refused {
  status: 400 | 415;
  detail: string;
}

export const isRefused = (sent: NamedText[] | Refused): sent is Refused => !Array.isArray(sent);

/** What a text may call itself; curl says that a file is a form. */
const texts =
  /^(?:|text\/.+|application\/(?:.+\+)?(?:json|yaml|x-yaml|hcl|terraform|octet-stream|x-www-form-urlencoded))$/;

/** The body itself, by the path that the query gives, or the parts of a form by their file names. */
export function filesIn({ body, headers }: Request, path: string | undefined): NamedText[] | Refused {
  const header = headers["content-type"] ?? "";
  const type = mediaType(header);
  if (type === "multipart/form-data") {
    if (path !== undefined)
      return refused("A form's files have their names from the form: leave out the parameter path.");
    return partsIn(body, header);
  }
  const charset = /;\s*charset="?([^";\s]+)/i.exec(header)?.[1] ?? "utf-8";
  if (!texts.test(type) || !/^(?:utf-?8|us-ascii)$/i.test(charset))
    return { status: 415, detail: `${header} is nothing that is read: send text in UTF-8, or a form.` };
  if (body.length === 0) return refused("The body is empty: send a file.");
  const text = textOf(path ?? "The body", body);
  return typeof text === "string" ? [{ ...(path === undefined ? {} : { path }), text }] : text;
}

/** https://www.rfc-editor.org/rfc/rfc7578 */
function partsIn(body: Uint8Array, header: string): NamedText[] | Refused {
  const boundary = getMultipartBoundary(header)?.trim();
  if (boundary === undefined || boundary === "") return refused("The form's boundary is missing.");
  const files: NamedText[] = [];
  try {
    // The body is within the limits already.
    for (const part of parseMultipart(body, {
      boundary,
      maxFileSize: body.length,
      maxTotalSize: body.length,
    })) {
      const path = part.filename ?? part.name;
      if (path === undefined) return refused("A part of the form has neither a file name nor a name.");
      const text = textOf(path, part.bytes);
      if (typeof text !== "string") return text;
      files.push({ path, text });
    }
  } catch (error) {
    if (error instanceof MultipartParseError) return refused(`The form cannot be read: ${error.message}.`);
    throw error;
  }
  return files.length === 0 ? refused("The form holds no files.") : files;
}

function textOf(path: string, bytes: Uint8Array): string | Refused {
  const decoded = decodeUtf8(path, Buffer.from(bytes));
  if ("text" in decoded) return decoded.text;
  const { line, message } = decoded.problem;
  return refused(`${path}${line === undefined ? "" : `, line ${line}`}: ${message}`);
}

const refused = (detail: string): Refused => ({ status: 400, detail });
