import { isUtf8 } from "node:buffer";
import type { Problem } from "../model/source.ts";
import { foreignEncoding } from "./encoding.ts";

export type DecodedText = { text: string } | { problem: Problem };

/** The text of a file's bytes, which must be UTF-8, without byte order mark. */
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
        line: firstBadLine(bytes),
        message: "The line holds bytes that are no UTF-8.",
        remedy: "Save the file as UTF-8.",
      },
    };
  }
}

/** The line, from 1, of the first byte that is no UTF-8. A line break is never part of a longer character. */
function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(start, stop))) break;
    start = stop;
  }
  return line;
}
