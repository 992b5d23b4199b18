import type { Files } from "./holes/policy.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Makes a JSON value smaller while a property of it holds: the simplest input that still shows a violation. */
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

/** Makes files shorter, piece by piece, with at most `attempts` trials. */
export function minimizeFiles(files: Files, holds: (candidate: Files) => boolean, attempts: number): Files {
  let smallest = files;
  let left = attempts;
  const accept = (candidate: Files): boolean => {
    if (left-- <= 0 || !holds(candidate)) return false;
    smallest = candidate;
    return true;
  };
  for (const path of Object.keys(files).slice(1)) {
    const { [path]: _, ...rest } = smallest;
    accept(rest);
  }
  for (const path of Object.keys(smallest))
    for (
      let size = Math.ceil((smallest[path] as string).length / 2);
      size >= 1 && left > 0;
      size = Math.floor(size / 2)
    )
      for (let at = 0; at < (smallest[path] as string).length && left > 0; ) {
        const text = smallest[path] as string;
        if (!accept({ ...smallest, [path]: text.slice(0, at) + text.slice(at + size) })) at += size;
      }
  return smallest;
}
