/** Damages files as editors, tools and people do. */
import type { Random } from "../random.ts";
import type { Files } from "./policy.ts";

/** Changes in a text, each of which leaves a policy that must not pass. */
const damages: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => text.slice(0, Math.floor(text.length * (0.3 + 0.6 * random.next()))),
  (text) => text.trimEnd().slice(0, -1),
  (text) => `\uFEFF${text}`,
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => text.replaceAll("\n", "\r"),
  (text) => `${text}\n\u0000`,
  (text) => `// a comment\n${text}`,
  (text) => `# a comment\n${text}`,
  (text) => `\n\n   ${text}`,
  (text) => text.replace(/"Effect"(\s*):(\s*)"Allow"/g, '"Effect"$1:$2"allow"'),
  (text) => text.replace(/"Statement"/, '"statement"'),
  (text) => text.replace(/"Statement"/, '"Statements"'),
  (text) => text.replace(/("Statement"\s*:\s*)\[/, "$1[["),
  (text) => text.replace(/("Statement"\s*:\s*\[.*\])/s, "$1]"),
  (text) => text.replace(/"Principal"/, '"Principals"'),
  (text) => text.replaceAll('"Action"', '"Actions"'),
  (text) => text.replaceAll('"Resource"', '"resource"'),
  (text) => text.replace(/"Version"\s*:\s*"2012-10-17"/, '"Version":"2012-10-18"'),
  (text) => text.replace(/"Version"\s*:\s*"2012-10-17"/, '"Version":2012-10-17'),
  (text) => text.replaceAll('"', "'"),
  (text) => text.replaceAll('"', "\u201d"),
  (text) => text.replace(/,/, ",,"),
  (text) => text.replace(/:/, " "),
  (text) => text.replace(/([}\]])/, ",$1"),
  (text) => text.replaceAll("  ", "\t"),
  (text) => text.replace(/\{/, '{"Statement":[],'),
  (text, random) => {
    const at = random.integer(text.length);
    return (
      text.slice(0, at) +
      random.pick(["{", "}", "]", '"', "\\", ":", "*", "&", "\u2028", "\uD800"]) +
      text.slice(at)
    );
  },
  (text, random) => {
    const at = random.integer(text.length);
    return text.slice(0, at) + text.slice(at + 1);
  },
];

/** Damages one file. */
export function damaged(files: Files, random: Random): Files {
  const [path, text] = random.pick(Object.entries(files));
  return { ...files, [path]: random.pick(damages)(text, random) };
}
