/** The input formats that are JSON or YAML. */
import { changeSet, cloudformation } from "../../laws/holes/cloudformation.ts";
import { damaged } from "../../laws/holes/corrupt.ts";
import { hostile } from "../../laws/holes/hostile.ts";
import { kubernetes, plan, standalone } from "../../laws/holes/others.ts";
import type { Files } from "../../laws/holes/policy.ts";
import type { Random } from "../../laws/random.ts";
import { bytesOf, type Target, textOf } from "../harness/target.ts";
import { checkSameAsYaml, checkSources } from "../oracles/report.ts";
import { sampleOf, seedsOf } from "../seeds.ts";
import { twisted } from "../twists.ts";
import { words } from "../words.ts";

interface Format {
  name: string;
  path: string;
  generate: (random: Random) => Files;
  /** Name of the format in the examples of rules, and the directory of its tests. */
  seeds: [string, string];
  dictionary: readonly string[];
}

const formats: readonly Format[] = [
  {
    name: "key-policy",
    path: "key-policy",
    generate: standalone,
    seeds: ["policy", "key-policy"],
    dictionary: words.policy,
  },
  {
    name: "cloudformation",
    path: "template",
    generate: cloudformation,
    seeds: ["cloudformation", "cloudformation"],
    dictionary: words.cloudformation,
  },
  {
    name: "change-set",
    path: "change-set",
    generate: changeSet,
    seeds: ["changeset", "change-set"],
    dictionary: words.cloudformation,
  },
  { name: "plan", path: "plan", generate: plan, seeds: ["plan", "terraform-plan"], dictionary: words.plan },
  {
    name: "kubernetes",
    path: "objects",
    generate: kubernetes,
    seeds: ["kubernetes", "kubernetes"],
    dictionary: words.kubernetes,
  },
];

const targetOf = ({ name, path, generate, seeds, dictionary }: Format): Target => ({
  name,
  dictionary,
  seeds: () => sampleOf(seedsOf(...seeds), 60),
  generate(random) {
    const files = random.chance(0.1) ? hostile(random) : generate(random);
    const changed = random.chance(0.3) ? damaged(files, random) : files;
    const [, text = ""] = random.pick(Object.entries(changed));
    return bytesOf(random.chance(0.6) ? twisted(text, random, dictionary) : text);
  },
  check(input, thorough) {
    const text = textOf(input);
    // The name decides little, because formats are recognized by their content. Both names reach their own code.
    const file = `${path}.${/^\s*[[{]/.test(text) ? "json" : "yaml"}`;
    const isNamed = input.length % 4 !== 0;
    checkSources([{ path: file, text: text.replace(/^\uFEFF/, ""), named: isNamed }], thorough);
    if (thorough) checkSameAsYaml(file, text);
  },
});

export const formatTargets: readonly Target[] = formats.map(targetOf);
