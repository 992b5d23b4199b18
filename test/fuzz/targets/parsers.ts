/** The parsers of JSON and YAML, without a format. */
import type { Json, Parsed, Problem } from "../../../src/core/model/source.ts";
import { parseBigJson, parseJson } from "../../../src/core/parse/json.ts";
import { isProblem } from "../../../src/core/parse/problem.ts";
import { parseYaml } from "../../../src/core/parse/yaml.ts";
import { cloudformation } from "../../laws/holes/cloudformation.ts";
import { hostile } from "../../laws/holes/hostile.ts";
import type { Random } from "../../laws/random.ts";
import { bytesOf, expect, type Target, textOf } from "../harness/target.ts";
import { sampleOf, seedsOf } from "../seeds.ts";
import { twisted } from "../twists.ts";
import { words } from "../words.ts";

const path = "input";

/** Every part of a value has a range in the text, and a problem has a position in it. */
function checkPositions(text: string, parsed: Parsed | Problem): void {
  if (isProblem(parsed)) {
    const { line = 1, column = 1, message, remedy } = parsed;
    const lines = text.split(/\r\n|\n|\r/);
    expect(message !== "" && remedy !== "", "a problem has no message or remedy");
    expect(
      line >= 1 && line <= lines.length + 1,
      "the line of a problem is outside of the text",
      () => `${line}`,
    );
    expect(column >= 1, "the column of a problem is not positive", () => `${column}`);
    return;
  }
  for (const pointer of pointersIn(parsed.value, "")) {
    const { start, end } = parsed.locate(pointer);
    const holds = start.offset >= 0 && start.offset <= end.offset && end.offset <= text.length;
    expect(
      holds,
      "a range is outside of the text",
      () => `${pointer}: ${start.offset} to ${end.offset} of ${text.length}`,
    );
  }
}

function pointersIn(value: Json, pointer: string): string[] {
  if (typeof value !== "object" || value === null) return [pointer];
  const parts = Object.entries(value).slice(0, 10);
  return [
    pointer,
    ...parts.flatMap(([key, part]) =>
      pointersIn(part, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
    ),
  ].slice(0, 40);
}

function nativeJson(text: string): { value: Json } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

const generate = (random: Random): Uint8Array => {
  const files = random.chance(0.3) ? hostile(random) : cloudformation(random);
  const text = random.pick(Object.values(files));
  return bytesOf(random.chance(0.5) ? twisted(text, random, words.cloudformation) : text);
};

export const jsonTarget: Target = {
  name: "json",
  dictionary: words.policy,
  seeds: () => sampleOf([...seedsOf("policy", "key-policy"), ...seedsOf("plan", "terraform-plan")], 40),
  generate,
  check(input) {
    const text = textOf(input);
    const source = { path, text };
    const parsed = parseJson(source);
    checkPositions(text, parsed);
    checkPositions(text, parseBigJson(source));
    const native = nativeJson(text.replace(/^\uFEFF/, ""));
    if (isProblem(parsed)) {
      // Keywarden refuses duplicate keys and deep nesting, which JSON.parse accepts.
      const isStricter = /twice|duplicate|nest|deep/i.test(parsed.message);
      expect(
        native === undefined || isStricter,
        "JSON is refused that JSON.parse accepts",
        () => parsed.message,
      );
    } else {
      expect(native !== undefined, "JSON is accepted that JSON.parse refuses");
      expect(plain(parsed.value) === plain(native.value), "JSON has another value than for JSON.parse");
    }
  },
};

/** Returns a value as text, with numbers as strings: Keywarden keeps the text of a number that would change. */
const plain = (value: Json): string =>
  JSON.stringify(value, (_, part) => {
    if (typeof part === "number") return `${part}`;
    return typeof part === "string" && /^-?\d[\d.eE+-]*$/.test(part) ? `${Number(part)}` : part;
  });

export const yamlTarget: Target = {
  name: "yaml",
  dictionary: words.cloudformation,
  seeds: () =>
    sampleOf([...seedsOf("cloudformation", "cloudformation"), ...seedsOf("kubernetes", "kubernetes")], 40),
  generate,
  check(input) {
    const text = textOf(input);
    const parsed = parseYaml({ path, text });
    for (const each of isProblem(parsed) ? [parsed] : parsed) checkPositions(text, each);
  },
};
