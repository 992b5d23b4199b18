/** An instance key: `0` of `count`, `"a"` of `for_each`. */
export type Index = string | number;

/** One step of a reference or an address: `shard[0]` is {name: "shard", index: 0}. */
export interface Step {
  name: string;
  index?: Index;
}

const token = /([^.[\]]+)|\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]|[.[\]]/gy;

/** `module.kms["a"].key_arn` in its steps. What cannot be read ends it. */
export function stepsOf(reference: string): Step[] {
  const steps: Step[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(reference); match !== null; match = token.exec(reference)) {
    const [, name, text, number] = match;
    const last = steps.at(-1);
    if (name !== undefined) steps.push({ name });
    else if (last !== undefined && last.index === undefined && text !== undefined)
      last.index = unescaped(text);
    else if (last !== undefined && last.index === undefined && number !== undefined)
      last.index = Number(number);
  }
  return steps;
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`);
  } catch {
    return text;
  }
}

/** The module steps that an address begins with: of `module.a["x"].module.b.aws_kms_key.k`, a["x"] and b. */
export function modulesOf(address: string): Step[] {
  const steps = stepsOf(address);
  const modules: Step[] = [];
  for (let i = 0; steps[i]?.name === "module" && steps[i + 1] !== undefined; i += 2)
    modules.push(steps[i + 1] as Step);
  return modules;
}

/** One spelling for each module instance. */
export const moduleKey = (modules: Step[]): string =>
  modules
    .map(({ name, index }) => (index === undefined ? name : `${name}[${JSON.stringify(index)}]`))
    .join(".");

/**
 * The references of an expression without those that another one extends: Terraform lists
 * `aws_kms_key.a.arn` together with `aws_kms_key.a`.
 */
export function longest(references: string[]): string[] {
  const distinct = [...new Set(references)];
  const prefixes = new Set<string>();
  for (const reference of distinct)
    for (let i = 1; i < reference.length; i++)
      if (reference[i] === "." || reference[i] === "[") prefixes.add(reference.slice(0, i));
  return distinct.filter((reference) => !prefixes.has(reference));
}
