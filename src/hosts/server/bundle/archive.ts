import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const inflate = promisify(gunzip);
const BLOCK = 512;
/** Inflated. The rules are about 1 MB. */
export const LONGEST = 64 * 1024 * 1024;
const MOST = 10_000;

/**
 * The files of a bundle, a gzipped tar, by their paths without a leading slash. Nothing is written to disk. Throws an
 * Error where the archive is too large, cut off, or holds what no bundle has: links, devices, a path twice.
 */
export async function unpack(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  // A server that declares the gzip as an encoding has it undone on the way.
  return filesIn(isGzip(bytes) ? await inflated(bytes) : bytes);
}

const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;

async function inflated(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await inflate(bytes, { maxOutputLength: LONGEST });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(code === "ERR_BUFFER_TOO_LARGE" ? tooLarge : "The bundle is no gzip, or is cut off");
  }
}

const tooLarge = `The bundle is larger than ${LONGEST / 1024 / 1024} MiB, inflated`;

/**
 * pax(1), "ustar Interchange Format" and "pax Header Block", as Go's archive/tar and GNU tar write them.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 */
function filesIn(archive: Uint8Array): Map<string, Uint8Array> {
  if (archive.length > LONGEST) throw new Error(tooLarge);
  const files = new Map<string, Uint8Array>();
  let next: { path?: string; size?: number } = {};
  let members = 0;
  for (let at = 0; ; ) {
    const header = archive.subarray(at, at + BLOCK);
    // Some writers leave out the two blocks that end an archive.
    if (header.length === 0 && members > 0) return files;
    if (header.length < BLOCK) throw new Error("The bundle's archive is cut off");
    if (header.every((byte) => byte === 0)) return files;
    if (++members > MOST) throw new Error(`The bundle has more than ${MOST} files`);
    if (!isSound(header)) throw new Error("The bundle is no tar archive");
    const size = next.size ?? sizeOf(header);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw new Error("The bundle's archive is cut off");
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "x") {
      next = { ...next, ...extended(content) };
      continue;
    }
    if (type === "L") {
      next = { ...next, path: text(content) };
      continue;
    }
    if (type === "g") continue;
    const path = plain(next.path ?? pathOf(header));
    next = {};
    if (type === "5") continue;
    if (type !== "0" && type !== "\0") throw new Error(`The bundle has ${shown(path)}, which is no file`);
    if (files.has(path)) throw new Error(`The bundle has ${shown(path)} twice`);
    files.set(path, content);
  }
}

/** The sum of a header's bytes, its own field counted as spaces. */
function isSound(header: Uint8Array): boolean {
  const sum = header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
  return octal(header.subarray(148, 156)) === sum;
}

const octal = (field: Uint8Array): number => {
  const digits = text(field).trim();
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
};

/** GNU's sizes in binary are those of files beyond 8 GiB. */
function sizeOf(header: Uint8Array): number {
  const size = octal(header.subarray(124, 136));
  if (Number.isNaN(size)) throw new Error("The bundle's archive has a file without a size");
  return size;
}

function pathOf(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  const isUstar = text(header.subarray(257, 263)) === "ustar";
  const prefix = isUstar ? text(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** `LENGTH KEY=VALUE\n`, of which the length counts all. */
function extended(content: Uint8Array): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < content.length; ) {
    const [, digits = "", key = ""] =
      /^(\d{1,9}) ([^=\n]+)=/.exec(text(content.subarray(at, at + 200))) ?? [];
    const length = Number(digits);
    const start = digits.length + 1 + Buffer.byteLength(key) + 1;
    if (digits === "" || length <= start || at + length > content.length)
      throw new Error("The bundle's archive has an extended header that cannot be read");
    const value = text(content.subarray(at + start, at + length - 1));
    if (key === "path") found.path = value;
    if (key === "size") found.size = /^\d{1,10}$/.test(value) ? Number(value) : Number.POSITIVE_INFINITY;
    at += length;
  }
  return found;
}

function plain(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new Error(`The bundle has ${shown(path)}, which leads out of it`);
  return parts.join("/");
}

const text = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString();
};

const shown = (path: string): string => JSON.stringify(path.slice(0, 100));
