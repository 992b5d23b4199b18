/** Structural changes of JSON values: hostile twists in a mostly valid input. */

import { writeJson } from "../laws/holes/json.ts";
import type { Json, JsonObject } from "../laws/holes/policy.ts";
import type { Random } from "../laws/random.ts";

const nested = (depth: number, list: boolean): Json => {
  let value: Json = "kms:*";
  for (let i = 0; i < depth; i++) value = list ? [value] : { a: value };
  return value;
};

function hostileValue(random: Random, dictionary: readonly string[]): Json {
  return random.pick<() => Json>([
    () => null,
    () => random.chance(0.5),
    () => random.pick([0, -1, 1e21, 0.1, 2 ** 53, -0]),
    () => "",
    () => [],
    () => ({}),
    () => random.pick(dictionary),
    () => random.pick(dictionary).repeat(random.pick([2, 50, 1000])),
    () => [random.pick(dictionary), random.pick(dictionary)],
    () => ({ [random.pick(dictionary)]: random.pick(dictionary) }),
    () => nested(random.pick([3, 60, 198, 210, 1000]), random.chance(0.5)),
    () => Array<Json>(random.pick([5, 300])).fill(random.pick(dictionary)),
    () =>
      "\ud800 \u0000 \u001b[2J \u202e \u2028 <fuzz> ::error::x\n::error::y ##vso[task.complete] ##[error]",
    () => JSON.stringify({ [random.pick(dictionary)]: random.pick(dictionary) }),
  ])();
}

/** Returns a value with one part changed, at a random depth. */
function twistedValue(value: Json, random: Random, dictionary: readonly string[]): Json {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (keys.length === 0 || random.chance(0.12)) return hostileValue(random, dictionary);
  const key = random.pick(keys);
  if (Array.isArray(value)) {
    const at = Number(key);
    const one = value[at] as Json;
    return random.pick<() => Json>([
      () => value.with(at, twistedValue(one, random, dictionary)),
      () => value.with(at, twistedValue(one, random, dictionary)),
      () => [...value, one],
      () => value.filter((_, i) => i !== at),
      () => value.with(at, value),
      () => one,
    ])();
  }
  const fields = value as JsonObject;
  const entries = Object.entries(fields);
  const others = entries.filter(([name]) => name !== key);
  const one = fields[key] as Json;
  return random.pick<() => Json>([
    () => ({ ...fields, [key]: twistedValue(one, random, dictionary) }),
    () => ({ ...fields, [key]: twistedValue(one, random, dictionary) }),
    () => ({ ...fields, [key]: twistedValue(one, random, dictionary) }),
    () => Object.fromEntries(others),
    () => Object.fromEntries([...others, [random.pick([...dictionary, "__proto__", "constructor"]), one]]),
    () => Object.fromEntries([...entries, ["__proto__", one]]),
    () => ({ ...fields, [random.pick(dictionary)]: hostileValue(random, dictionary) }),
    () => ({ ...fields, [key]: [one, one] }),
    () => ({ ...fields, [key]: JSON.stringify(one) }),
    () => random.pick<Json>([{ Ref: key }, { "Fn::GetAtt": [key, "Arn"] }, { "Fn::Sub": `\${${key}}` }]),
  ])();
}

/** Returns a JSON text with one to eight parts changed. Other texts are returned as they are, also if they nest deeply. */
export function twisted(text: string, random: Random, dictionary: readonly string[]): string {
  try {
    let value: Json = JSON.parse(text.replace(/^\uFEFF/, ""));
    const twists = 1 << random.integer(4);
    for (let i = 0; i < twists; i++) value = twistedValue(value, random, dictionary);
    return writeJson(value, random).slice(0, 64 * 1024);
  } catch {
    return text;
  }
}
