/** Makes a JSON value smaller while a property of it holds: the simplest input that still shows a violation. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function minimize<T>(value: T, holds: (candidate: T) => boolean): T {
  let smallest = value as Json;
  for (;;) {
    const smaller = candidates(smallest).find((candidate) => holds(candidate as T));
    if (smaller === undefined) return smallest as T;
    smallest = smaller;
  }
}

/** Returns the values with one part less, larger parts first. */
function candidates(value: Json): Json[] {
  if (Array.isArray(value)) {
    const shorter = value.length > 1 ? value.map((_, i) => value.filter((__, j) => i !== j)) : [];
    const inner = value.flatMap((element, i) => candidates(element).map((part) => value.with(i, part)));
    return [...shorter, ...(value.length === 1 && typeof value[0] === "string" ? [value[0]] : []), ...inner];
  }
  if (value === null || typeof value !== "object") return [];
  const entries = Object.entries(value) as [string, Json][];
  const fewer =
    entries.length > 1 ? entries.map((_, i) => Object.fromEntries(entries.filter((__, j) => i !== j))) : [];
  const inner = entries.flatMap(([key, each]) => candidates(each).map((part) => ({ ...value, [key]: part })));
  return [...fewer, ...inner];
}
