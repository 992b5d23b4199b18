import type { JsonMap } from "../../../core/model/json.ts";

export interface Field {
  /** The keys that lead to it in the object. */
  path: string[];
  /** As `kubectl` writes it: `.spec.forProvider.policy`; empty of the object as a whole. */
  text: string;
}

/** The field of the object that a pointer leads to, or into whose text. */
export function fieldOf(
  pointer: string,
  { object, oldObject }: { object: JsonMap | null; oldObject: JsonMap | null },
): Field {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((one) => one.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [request, side, ...rest] = steps;
  const isReviewed = request === "request" && (side === "object" || side === "oldObject");
  let value: unknown = isReviewed && side === "oldObject" ? oldObject : object;
  const path: string[] = [];
  for (const key of isReviewed ? rest : steps) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) break;
    value = (value as { [key: string]: unknown })[key];
    path.push(key);
  }
  const written = path.map((key) =>
    /^\d+$/.test(key) ? `[${key}]` : /^\w+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
  );
  return { path, text: written.join("") };
}
