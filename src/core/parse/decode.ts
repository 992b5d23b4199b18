import { isUtf8 } from "node:buffer";
import type { Problem } from "../model/source.ts";
import { foreignEncoding } from "./encoding.ts";

export type DecodedText = { text: string } | { problem: Problem };

/** Decodes the bytes of a file, which must be UTF-8. Removes a byte order mark. */
export function decodeUtf8(path: string, bytes: Buffer): DecodedText {
  const encoding = foreignEncoding(bytes);
  if (encoding !== null)
    return {
      problem: { file: path, message: `The file is encoded in ${encoding}.`, remedy: "Save it as UTF-8." },
    };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return {
      problem: {
        file: path,
        line: firstInvalidLine(bytes),
        message: "The line contains bytes that are not valid UTF-8.",
        remedy: "Save the file as UTF-8.",
      },
    };
  }
}

/** Returns the line, from 1, of the first invalid byte. A line feed is never part of a multi-byte character in UTF-8. */
function firstInvalidLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, stop))) break;
    start = stop;
  }
  return line;
}
