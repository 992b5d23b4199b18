/** Writes YAML in the styles that mean the same, CloudFormation's functions as tags. */
import type { Random } from "../random.ts";
import { writeJson } from "./json.ts";
import type { Json, JsonObject } from "./policy.ts";

export function writeYaml(value: Json, random: Random): string {
  const tags = random.chance(0.6);
  const anchored: string[] = [];
  const scalar = (written: string): string => {
    if (
      /^[A-Za-z][\w-]*$/.test(written) &&
      !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(written) &&
      random.chance(0.6)
    )
      return written;
    if (random.chance(0.5) && !/[\n\r\t]/.test(written)) return `'${written.replaceAll("'", "''")}'`;
    return random.chance(0.3)
      ? `"${Array.from(written, (char) => (/[*A-Za-z]/.test(char) ? `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}` : JSON.stringify(char).slice(1, -1))).join("")}"`
      : JSON.stringify(written);
  };
  /** Returns a node as it follows a key or a dash: on the same line, or on lines of its own. */
  const write = (each: Json, indent: string, tagged = false): string => {
    if (typeof each === "string")
      return ` ${!tagged && random.chance(0.05) ? "!!str " : ""}${blockable(each) && random.chance(0.3) ? block(each, indent, random) : scalar(each)}`;
    if (each === null || typeof each !== "object") return ` ${each}`;
    const entries = Object.entries(each);
    const [first] = entries;
    if (tags && !Array.isArray(each) && entries.length === 1 && first !== undefined && isFunction(first[0])) {
      const [name, operand] = first;
      return ` !${name.replace("Fn::", "")}${write(operand, indent, true)}`.replace(/ +(?=\n)/, "");
    }
    if (entries.length === 0 || random.chance(0.08)) return ` ${flow(each, scalar)}`;
    if (random.chance(0.05)) return ` ${JSON.stringify(each)}`;
    const anchor = !Array.isArray(each) && random.chance(0.04) ? ` &a${anchored.push("")}` : "";
    const inner = `${indent}${random.pick(["  ", "  ", "    "])}`;
    const lines = Array.isArray(each)
      ? each.map((part) => `\n${inner}-${write(part, inner)}`)
      : entries.map(
          ([key, part]) =>
            `\n${inner}${random.chance(0.02) ? `? ${scalar(key)}\n${inner}` : scalar(key)}:${write(part, inner)}`,
        );
    return `${anchor}${lines.join(random.chance(0.02) ? "\n# a comment" : "")}`;
  };
  if (typeof value !== "object" || value === null || Array.isArray(value)) return write(value, "").trim();
  const text = Object.entries(value as JsonObject)
    .map(([key, part]) => `${scalar(key)}:${write(part, "")}\n`)
    .join("");
  const ended = random.chance(0.1) ? text.replaceAll("\n", "\r\n") : text;
  return random.pick(["", "", "---\n", "# a template\n", "%YAML 1.1\n---\n"]) + ended;
}

const isFunction = (name: string): boolean =>
  name === "Ref" || /^Fn::(?:Sub|Join|If|Select|Split|FindInMap|ToJsonString)$/.test(name);

const blockable = (text: string): boolean => text !== "" && !/^\s|\s$|[\r\t]/.test(text);

const block = (text: string, indent: string, random: Random): string =>
  `${random.pick(["|-", ">-"])}${text
    .split("\n")
    .map((line) => `\n${indent}  ${line}`)
    .join("")}`;

function flow(value: Json, scalar: (text: string) => string): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map((each) => flow(each, scalar)).join(", ")}]`;
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${scalar(key)}: ${flow(each, scalar)}`)
    .join(", ")} }`;
}

export const writeEither = (value: Json, random: Random): string =>
  random.chance(0.5) ? writeJson(value, random) : writeYaml(value, random);
