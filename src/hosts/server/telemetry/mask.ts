import { escapePointer } from "../../../core/model/node.ts";
import { isSecretName, REDACTED, redactSecrets } from "./redact.ts";

/**
 * Replaces secrets in the input and result of a decision. Returns the content and JSON pointers to the replaced values.
 * The document has no key material, but descriptions, tags and policies may contain secrets of their authors.
 */
export function maskSecrets(content: object): { masked: object; pointers: string[] } {
  const pointers: string[] = [];
  return { masked: maskValue(content, "", pointers) as object, pointers };
}

/** Returns the value itself if it has no secrets, because most decisions have none and copies are expensive. */
function maskValue(value: unknown, pointer: string, pointers: string[]): unknown {
  if (typeof value === "string") {
    const masked = redactSecrets(value);
    if (masked !== value) pointers.push(pointer);
    return masked;
  }
  if (typeof value !== "object" || value === null) return value;
  let copy: { [name: string]: unknown } | undefined;
  for (const [name, item] of Object.entries(value)) {
    const itemPointer = `${pointer}/${escapePointer(name)}`;
    const isSecretTag = typeof item === "string" && isSecretName(name) && isTags(pointer);
    if (isSecretTag) pointers.push(itemPointer);
    const masked = isSecretTag ? REDACTED : maskValue(item, itemPointer, pointers);
    if (masked === item) continue;
    copy ??= (Array.isArray(value) ? [...value] : { ...value }) as { [name: string]: unknown };
    // An assignment to `__proto__` would set the prototype instead of a property.
    Object.defineProperty(copy, name, {
      value: masked,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy ?? value;
}

const isTags = (pointer: string): boolean => pointer.endsWith("/tags");
