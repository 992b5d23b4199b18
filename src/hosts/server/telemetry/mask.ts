import { HIDDEN, isSecretName, withoutSecrets } from "./redact.ts";

/**
 * What of a decision's input and result is logged, and the JSON pointers of what was hidden in it. The document has no secrets of its own
 * (key material and the like are but named in it), yet descriptions, tags and policies are whatever somebody wrote.
 */
export function masked(event: object): { told: object; pointers: string[] } {
  const pointers: string[] = [];
  return { told: cleaned(event, "", pointers) as object, pointers };
}

/** The value itself where nothing in it is hidden: decisions are many and secrets few. */
function cleaned(value: unknown, pointer: string, pointers: string[]): unknown {
  if (typeof value === "string") {
    const clean = withoutSecrets(value);
    if (clean !== value) pointers.push(pointer);
    return clean;
  }
  if (typeof value !== "object" || value === null) return value;
  let copy: { [name: string]: unknown } | undefined;
  for (const [name, item] of Object.entries(value)) {
    const at = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    const hidden = typeof item === "string" && isSecretName(name) && isTag(pointer);
    if (hidden) pointers.push(at);
    const clean = hidden ? HIDDEN : cleaned(item, at, pointers);
    if (clean === item) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as { [name: string]: unknown };
    // Not by assignment, which `__proto__` would turn into something else.
    Object.defineProperty(copy, name, { value: clean, enumerable: true, configurable: true, writable: true });
  }
  return copy ?? value;
}

const isTag = (pointer: string): boolean => pointer.endsWith("/tags");
