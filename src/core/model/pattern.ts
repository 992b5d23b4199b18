/**
 * A regular expression of Go's (RE2), as conftest takes them, for JavaScript; undefined where it is none. What the two
 * read differently (`\z`, POSIX classes) is none rather than something else.
 */
export function pattern(text: string): RegExp | undefined {
  if (/\(\?<?[=!]|\\[1-9k]/.test(text)) return undefined;
  const flags = /^\(\?([ims]+)\)/.exec(text);
  const source = text
    .slice(flags?.[0].length ?? 0)
    .replaceAll("(?P<", "(?<")
    // RE2 takes a backslash before every punctuation mark.
    .replace(/\\([!"#%&',\-:;<=>@_`~ ])/g, (_, mark: string) => `\\x${mark.charCodeAt(0).toString(16)}`);
  try {
    return new RegExp(source, `u${flags?.[1] ?? ""}`);
  } catch {
    return undefined;
  }
}
