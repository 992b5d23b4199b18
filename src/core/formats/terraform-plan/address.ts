/** The key of a resource or module instance: a number for `count`, a string for `for_each`. */
export type InstanceKey = string | number;

/** A step of a reference or an address: `shard[0]` is {name: "shard", index: 0}. */
export interface AddressStep {
  name: string;
  index?: InstanceKey;
}

const token = /([^.[\]]+)|\[(?:"((?:[^"\\]|\\.)*)"|(\d+))\]|[.[\]]/gy;

/** Splits a reference such as `module.kms["a"].key_arn` into steps, up to the first invalid character. */
export function parseAddress(reference: string): AddressStep[] {
  const steps: AddressStep[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(reference); match !== null; match = token.exec(reference)) {
    const [, name, quoted, number] = match;
    const last = steps.at(-1);
    if (name !== undefined) steps.push({ name });
    else if (last !== undefined && last.index === undefined && quoted !== undefined)
      last.index = unescape(quoted);
    else if (last !== undefined && last.index === undefined && number !== undefined)
      last.index = Number(number);
  }
  return steps;
}

function unescape(quoted: string): string {
  try {
    return JSON.parse(`"${quoted}"`);
  } catch {
    return quoted;
  }
}

/** Returns the module steps of an address: a["x"] and b for `module.a["x"].module.b.aws_kms_key.k`. */
export function modulePath(address: string): AddressStep[] {
  const steps = parseAddress(address);
  const modules: AddressStep[] = [];
  for (let i = 0; steps[i]?.name === "module" && steps[i + 1] !== undefined; i += 2)
    modules.push(steps[i + 1] as AddressStep);
  return modules;
}

/** Returns a unique string for each module instance. */
export const modulePathKey = (modules: AddressStep[]): string =>
  modules
    .map(({ name, index }) => (index === undefined ? name : `${name}[${JSON.stringify(index)}]`))
    .join(".");

/**
 * Removes the references that are prefixes of other references. For `aws_kms_key.a.arn`, Terraform also lists
 * `aws_kms_key.a`.
 */
export function withoutPrefixes(references: string[]): string[] {
  const distinct = [...new Set(references)];
  const prefixes = new Set<string>();
  for (const reference of distinct)
    for (let i = 1; i < reference.length; i++)
      if (reference[i] === "." || reference[i] === "[") prefixes.add(reference.slice(0, i));
  return distinct.filter((reference) => !prefixes.has(reference));
}
