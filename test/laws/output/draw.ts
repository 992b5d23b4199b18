/** Valid inputs of every format, with hostile words as names, keys, values, comments and paths. */
import { readdirSync, readFileSync } from "node:fs";
import { drawHole } from "../hole-law.ts";
import type { Files } from "../holes/policy.ts";
import type { Random } from "../random.ts";
import { hostileWord } from "./words.ts";

const formats = new URL("../../formats/", import.meta.url);
const corpus = readdirSync(formats, { recursive: true, encoding: "utf8" })
  .filter((path) => /\/input\.(?:json|ya?ml)$|\.tf$/.test(path))
  .sort();

/** A policy with a finding that quotes each of its strings. */
const quoted = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Sid: "Open", Effect: "Allow", Principal: "*", Action: "kms:Decrypt", Resource: "*" },
    { Sid: "Who", Effect: "Allow", Principal: { AWS: "nobody" }, Action: "kms:Nothing", Resource: "*" },
    {
      Sid: "If",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::111122223333:role/app" },
      Action: "kms:*",
      Resource: "*",
      Condition: { StringEquals: { "kms:Nothing": "x" } },
    },
  ],
});

export function drawHostile(random: Random): Files {
  const files = random.pick([
    () => ({ "quoted.json": quoted }),
    () => drawHole(random).files,
    () => {
      const path = random.pick(corpus);
      return { [path.replace(/^.*\//, "")]: readFileSync(new URL(path, formats), "utf8") };
    },
  ])();
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [hostilePath(path, random), hostileText(path, text, random)]),
  );
}

/** Returns a path with the extension of another. A root module needs all of its files in one directory. */
const hostilePath = (path: string, random: Random): string =>
  path.endsWith(".tf") || random.chance(0.6)
    ? path
    : `${hostileWord(random)}${/\.[^.]*$/.exec(path)?.[0] ?? ""}`;

const strings = /"(?:[^"\\\n]|\\.)*"|(?<=^\s*(?:- )?[\w.:-]+: )[^\s"'!&*{[|>#][^\n]*$/gm;

/** Replaces a few strings, and adds a suppression and sometimes an error. */
function hostileText(path: string, text: string, random: Random): string {
  const count = text.match(strings)?.length ?? 0;
  const positions = new Set(Array.from({ length: 1 + random.integer(4) }, () => random.integer(count)));
  let position = 0;
  const changed = text.replace(strings, (string) => {
    if (!positions.has(position++)) return string;
    const inner = string.startsWith('"') ? string.slice(1, -1) : string;
    const word = written(hostileWord(random), path, random);
    return `"${random.pick([inner + word, inner + word, word + inner, word])}"`;
  });
  const comment = `# keywarden:ignore public_access because ${hostileWord(random).replace(/[\r\n]/g, " ")}\n`;
  const suppressed = path.endsWith(".json") ? changed : comment + changed;
  return random.chance(0.15) ? suppressed.slice(0, random.integer(suppressed.length)) : suppressed;
}

/** Writes a word in a string, mostly with the escapes of the language. */
function written(word: string, path: string, random: Random): string {
  if (random.chance(0.1)) return word.replace(/["\\]/g, "");
  const escaped = word.replace(/[^\w\s:#[\]<>()!&|`-]|[^\0-\u00FF]|\s/gu, (character) =>
    character.length === 1 ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : character,
  );
  return path.endsWith(".tf") ? escaped.replace(/[$%](?=\{)/g, "$&$&") : escaped;
}
