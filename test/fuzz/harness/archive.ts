/** Several files as one text, in the format txtar: `-- path --` starts a file. */
import type { Files } from "../../laws/holes/policy.ts";

export const packFiles = (files: Files): string =>
  Object.entries(files)
    .map(([path, text]) => `-- ${path} --\n${text}${text.endsWith("\n") ? "" : "\n"}`)
    .join("");

/** Returns the files; text before the first one becomes the file `name`. */
export function unpackFiles(text: string, name: string): Files {
  const parts = text.split(/^-- ([^\n]+) --\n/m);
  const files: Files = {};
  if (parts[0] !== "" || parts.length === 1) files[name] = parts[0] as string;
  for (let i = 1; i < parts.length; i += 2) files[parts[i] as string] = parts[i + 1] as string;
  return files;
}
