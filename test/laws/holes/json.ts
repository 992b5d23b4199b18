/** Writes JSON with escapes and white space that mean nothing. */
import type { Random } from "../random.ts";
import type { Json } from "./policy.ts";

export function writeJson(value: Json, random: Random): string {
  const escapes = random.pick([0, 0, 0.05, 1]);
  const space = random.pick(["", "", " ", "\n", "\t", "\r\n  "]);
  const text = (written: string): string =>
    `"${Array.from(written, (char) => (random.chance(escapes) ? unicodeEscape(char) : JSON.stringify(char).slice(1, -1))).join("")}"`;
  const write = (each: Json): string => {
    if (typeof each === "string") return text(each);
    if (each === null || typeof each !== "object") return String(each);
    const parts = Array.isArray(each)
      ? each.map(write)
      : Object.entries(each).map(([key, part]) => `${text(key)}${space}:${space}${write(part)}`);
    const inside = `${space}${parts.join(`${space},${space}`)}${space}`;
    return Array.isArray(each) ? `[${inside}]` : `{${inside}}`;
  };
  return random.chance(0.1) ? `${space}${write(value)}\n\n` : write(value);
}

export const unicodeEscape = (char: string): string =>
  Array.from(
    { length: char.length },
    (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
