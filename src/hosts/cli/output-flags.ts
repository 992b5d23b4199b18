import { type Output, parseOutput } from "../../session/flags/output.ts";
import { didYouMean } from "../../session/flags/suggestion.ts";

interface OutputRequest {
  requested: string[] | undefined;
  formats: string[];
  compat: boolean;
}

/**
 * Parses the values of `-o`, or returns an error message. With conftest's behavior (`compat`) the last format for
 * standard output counts, and an unknown one means `stdout`.
 */
export function readOutputs({ requested = [], formats, compat }: OutputRequest): Output[] | string {
  const outputs: Output[] = [];
  for (const text of requested) {
    const { format, path } = parseOutput(text);
    if (formats.includes(format)) outputs.push({ format, path });
    else if (compat) outputs.push({ format: "stdout", path });
    else {
      const suggestion = didYouMean(format, formats) || ` Formats: ${formats.join(", ")}.`;
      return `--output: "${format}" is not a format.${suggestion}`;
    }
  }
  const paths = outputs.flatMap(({ path }) => (path === null ? [] : [path]));
  const duplicate = paths.find((path, i) => paths.indexOf(path) !== i);
  if (duplicate !== undefined)
    return `--output: two formats are written to ${duplicate}. Use one file for each.`;
  const printed = outputs.filter(({ path }) => path === null);
  if (printed.length > 1 && !compat) {
    const names = printed.map(({ format }) => format);
    return `--output: ${names.join(" and ")} are both written to standard output. Write one to a file: -o ${names[0]}=PATH`;
  }
  if (requested.length === 0) return [{ format: compat ? "stdout" : (formats[0] as string), path: null }];
  return outputs.filter((output) => output.path !== null || output === printed.at(-1));
}
