/** Changes bytes the way that transmission, editors and attackers do. */
import type { Random } from "../../laws/random.ts";
import { bytesOf } from "./target.ts";

/** A longer input is cut. Cost per byte matters more to the oracles than length. */
const MAX_BYTES = 64 * 1024;

export interface Ingredients {
  seeds: readonly Uint8Array[];
  dictionary: readonly string[];
}

type Mutation = (bytes: Uint8Array, random: Random, from: Ingredients) => Uint8Array;

/** Returns the input after one to eight changes. */
export function mutate(bytes: Uint8Array, random: Random, from: Ingredients): Uint8Array {
  let changed = bytes;
  const changes = 1 << random.integer(4);
  for (let i = 0; i < changes; i++) changed = random.pick(mutations)(changed, random, from);
  return changed.subarray(0, MAX_BYTES);
}

const joined = (...parts: Uint8Array[]): Uint8Array => {
  const result = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
};

const inserted = (bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array =>
  joined(bytes.subarray(0, at), part, bytes.subarray(at));

/** Returns the start and the end of a part, mostly a short one. */
function part({ length }: Uint8Array, random: Random): [number, number] {
  const start = random.integer(length + 1);
  return [start, Math.min(length, start + random.integer(random.pick([4, 32, 256, length + 1])))];
}

/** Structure, whitespace, and characters that parsers and terminals treat specially. */
const hostileTexts = [
  ..."{}[]()\":,;&*!|>%@`#=$\\/<'-?~.^+",
  ...["\0", "\n", "\r", "\r\n", "\t", " ", "\u000b", "\u001b[31m", "\u007f", "\u0085", "\u00a0", "\u2028"],
  ...[
    "\ufeff",
    "\ufffd",
    "\u202e",
    "\u2066",
    "\ufffe",
    "\u{1f600}",
    "e\u0301",
    "\\ud800",
    "\\u0000",
    "\\x00",
  ],
  ...[
    "::error::",
    "##vso[",
    "##[error]",
    "<script>",
    "]]>",
    "&lt;",
    "${",
    "%{",
    "{{",
    "}}",
    "---\n",
    "...\n",
  ],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "length", "null", "true", "NaN", "Infinity"],
  ...[
    "-0",
    "1e400",
    "1e-400",
    "9007199254740993",
    "0x10",
    "0777",
    "1_000",
    "12:30:45",
    ".inf",
    "<<",
    "*a",
    "&a",
  ],
];

/** Sequences that are not UTF-8: unpaired surrogates, overlong encodings, and marks of other encodings. */
const hostileBytes = [
  [0xed, 0xa0, 0x80],
  [0xc0, 0x80],
  [0xff, 0xfe],
  [0xfe, 0xff],
  [0xef, 0xbb, 0xbf],
  [0xf4, 0x90, 0x80, 0x80],
  [0x80],
  [0x1f, 0x8b],
].map((bytes) => Uint8Array.from(bytes));

const mutations: readonly Mutation[] = [
  (bytes, random) => {
    if (bytes.length === 0) return bytes;
    const copy = bytes.slice();
    const at = random.integer(copy.length);
    copy[at] = (copy[at] as number) ^ (1 << random.integer(8));
    return copy;
  },
  (bytes, random) => {
    if (bytes.length === 0) return bytes;
    const copy = bytes.slice();
    copy[random.integer(copy.length)] = random.integer(256);
    return copy;
  },
  (bytes, random) => {
    const [start, end] = part(bytes, random);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  (bytes, random) => bytes.subarray(0, random.integer(bytes.length + 1)),
  (bytes, random) => {
    const [start, end] = part(bytes, random);
    const copies = Array<Uint8Array>(random.pick([1, 1, 2, 10, 200])).fill(bytes.subarray(start, end));
    return inserted(bytes, end, joined(...copies).subarray(0, MAX_BYTES));
  },
  (bytes, random) => {
    const [start, end] = part(bytes, random);
    return inserted(bytes, random.integer(bytes.length + 1), bytes.subarray(start, end));
  },
  (bytes, random, { seeds }) => {
    const other = random.pick(seeds) ?? bytes;
    const [start, end] = part(other, random);
    return inserted(bytes, random.integer(bytes.length + 1), other.subarray(start, end));
  },
  (bytes, random, { seeds }) => {
    const other = random.pick(seeds) ?? bytes;
    return joined(
      bytes.subarray(0, random.integer(bytes.length + 1)),
      other.subarray(random.integer(other.length + 1)),
    );
  },
  insertWord,
  insertWord,
  replaceWord,
  replaceWord,
  (bytes, random) => inserted(bytes, random.integer(bytes.length + 1), bytesOf(random.pick(hostileTexts))),
  (bytes, random) => inserted(bytes, random.integer(bytes.length + 1), random.pick(hostileBytes)),
  (bytes, random) => inserted(bytes, 0, random.pick(hostileBytes)),
  (bytes, random) => {
    const mark = random.chance(0.5) ? [0xff, 0xfe] : [];
    return joined(Uint8Array.from(mark), Buffer.from(Buffer.from(bytes).toString(), "utf16le"));
  },
  (bytes, random) => {
    const text = Buffer.from(bytes).toString();
    const ends = random.pick(["\r\n", "\r", "\u2028", "\n\n", ""]);
    return bytesOf(text.replaceAll("\n", ends));
  },
];

function insertWord(bytes: Uint8Array, random: Random, { dictionary }: Ingredients): Uint8Array {
  const word = bytesOf(random.pick(dictionary.length > 0 ? dictionary : hostileTexts));
  return inserted(bytes, random.integer(bytes.length + 1), word);
}

/** Replaces a word, a number or a string with another one. */
function replaceWord(bytes: Uint8Array, random: Random, { dictionary }: Ingredients): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const words = [...text.matchAll(/"[^"\n]*"|[\w:*.-]+/g)];
  const chosen = words.length > 0 ? random.pick(words) : undefined;
  if (chosen === undefined) return bytes;
  const other = random.pick([random.pick(words)[0], random.pick([...dictionary, ...hostileTexts])]);
  const kept = chosen[0].startsWith('"') && random.chance(0.7) ? `"${other.replace(/^"|"$/g, "")}"` : other;
  return joined(
    bytes.subarray(0, chosen.index),
    bytesOf(kept),
    bytes.subarray(chosen.index + chosen[0].length),
  );
}
