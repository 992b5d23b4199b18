/** An output format, and the file that it is written to; null is standard output. */
export interface Output {
  format: string;
  path: string | null;
}

/** Parses `FORMAT` or `FORMAT=PATH`. */
export function parseOutput(text: string): Output {
  const [format = "", ...rest] = text.split("=");
  const path = rest.join("=");
  return { format, path: path === "" || path === "-" ? null : path };
}
