import { isUtf8 } from "node:buffer";
import type { Problem } from "../model/source.ts";

export type Decoded = { text: string } | { problem: Problem };

/** The text of a file's bytes, which must be UTF-8, without byte order mark. */
export function decode(path: string, bytes: Buffer): Decoded {
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

/** The encoding that a byte order mark tells, other than UTF-8. */
function foreignEncoding(bytes: Buffer): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe)
    return c === 0 && d === 0 ? "UTF-32 (little-endian)" : "UTF-16 (little-endian)";
  if (a === 0xfe && b === 0xff) return "UTF-16 (big-endian)";
  return a === 0 && b === 0 && c === 0xfe && d === 0xff ? "UTF-32 (big-endian)" : null;
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

const words = ["Statement", "kms", "KMS", "Kms", "kMs", "kmS", "KMs", "KmS", "kMS"];

/**
 * Whether a file can concern KMS keys at all: everything about them names KMS, except a key policy, which has
 * a Statement. Looks at bytes, as most files of a large tree need no more.
 */
export function mayConcernKms(bytes: Buffer): boolean {
  const encoding = foreignEncoding(bytes);
  if (encoding !== null) {
    // Without the null bytes the letters of any wide encoding are plain ones.
    const narrow = bytes.filter((byte) => byte !== 0);
    return words.some((word) => Buffer.from(narrow).includes(word));
  }
  return words.some((word) => bytes.includes(word));
}
