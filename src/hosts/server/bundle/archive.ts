import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const decompress = promisify(gunzip);
/** Tar archives consist of blocks of this size. */
const BLOCK_BYTES = 512;
/** Limit of the decompressed archive. The rules are about 1 MB. */
export const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 10_000;

/**
 * Returns the files of a bundle (a gzip-compressed tar archive) by their paths without a leading slash. Writes nothing
 * to disk. Throws an Error if the archive is too large or truncated, or if it has links, devices or duplicate paths.
 */
export async function unpackBundle(bytes: Uint8Array): Promise<Map<string, Uint8Array>> {
  // If the server declares gzip as the content encoding, fetch has already decompressed the archive.
  return readArchive(isGzip(bytes) ? await gunzipBundle(bytes) : bytes);
}

const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b;

async function gunzipBundle(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return await decompress(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      code === "ERR_BUFFER_TOO_LARGE" ? TOO_LARGE : "The bundle is not valid gzip data, or is truncated",
    );
  }
}

const TOO_LARGE = `The bundle is larger than ${MAX_UNPACKED_BYTES / 1024 / 1024} MiB after decompression`;

/**
 * Reads the formats "ustar Interchange Format" and "pax Header Block" of pax(1), as Go's archive/tar and GNU tar write them.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 */
function readArchive(archive: Uint8Array): Map<string, Uint8Array> {
  if (archive.length > MAX_UNPACKED_BYTES) throw new Error(TOO_LARGE);
  const files = new Map<string, Uint8Array>();
  let overrides: { path?: string; size?: number } = {};
  let entries = 0;
  for (let offset = 0; ; ) {
    const header = archive.subarray(offset, offset + BLOCK_BYTES);
    // Some programs omit the two empty blocks at the end of an archive.
    if (header.length === 0 && entries > 0) return files;
    if (header.length < BLOCK_BYTES) throw new Error("The bundle's archive is truncated");
    if (header.every((byte) => byte === 0)) return files;
    if (++entries > MAX_FILES) throw new Error(`The bundle has more than ${MAX_FILES} files`);
    if (!hasValidChecksum(header)) throw new Error("The bundle is not a tar archive");
    const size = overrides.size ?? sizeOf(header);
    const content = archive.subarray(offset + BLOCK_BYTES, offset + BLOCK_BYTES + size);
    if (content.length < size) throw new Error("The bundle's archive is truncated");
    offset += BLOCK_BYTES + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "x") {
      overrides = { ...overrides, ...parsePaxHeader(content) };
      continue;
    }
    if (type === "L") {
      overrides = { ...overrides, path: decodeString(content) };
      continue;
    }
    if (type === "g") continue;
    const path = relativePath(overrides.path ?? pathOf(header));
    overrides = {};
    if (type === "5") continue;
    if (type !== "0" && type !== "\0")
      throw new Error(`The bundle has ${quote(path)}, which is not a regular file`);
    if (files.has(path)) throw new Error(`The bundle has the path ${quote(path)} twice`);
    files.set(path, content);
  }
}

/** The checksum is the sum of the header's bytes, with spaces in place of the checksum field. */
function hasValidChecksum(header: Uint8Array): boolean {
  const sum = header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
  return octal(header.subarray(148, 156)) === sum;
}

const octal = (field: Uint8Array): number => {
  const digits = decodeString(field).trim();
  return /^[0-7]{1,11}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
};

/** Binary sizes of GNU tar are not supported: only files of more than 8 GiB have them. */
function sizeOf(header: Uint8Array): number {
  const size = octal(header.subarray(124, 136));
  if (Number.isNaN(size)) throw new Error("The bundle's archive has a file without a size");
  return size;
}

function pathOf(header: Uint8Array): string {
  const name = decodeString(header.subarray(0, 100));
  const isUstar = decodeString(header.subarray(257, 263)) === "ustar";
  const prefix = isUstar ? decodeString(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Parses records in the format `LENGTH KEY=VALUE\n`. The length is that of the whole record. */
function parsePaxHeader(content: Uint8Array): { path?: string; size?: number } {
  const header: { path?: string; size?: number } = {};
  for (let offset = 0; offset < content.length; ) {
    const [, digits = "", key = ""] =
      /^(\d{1,9}) ([^=\n]+)=/.exec(decodeString(content.subarray(offset, offset + 200))) ?? [];
    const length = Number(digits);
    const start = digits.length + 1 + Buffer.byteLength(key) + 1;
    if (digits === "" || length <= start || offset + length > content.length)
      throw new Error("The bundle's archive has an invalid pax header");
    const value = decodeString(content.subarray(offset + start, offset + length - 1));
    if (key === "path") header.path = value;
    if (key === "size") header.size = /^\d{1,10}$/.test(value) ? Number(value) : Number.POSITIVE_INFINITY;
    offset += length;
  }
  return header;
}

function relativePath(path: string): string {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new Error(`The bundle has ${quote(path)}, which is outside of the bundle`);
  return parts.join("/");
}

const decodeString = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString();
};

const quote = (path: string): string => JSON.stringify(path.slice(0, 100));
