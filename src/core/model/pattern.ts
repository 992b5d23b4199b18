/**
 * Converts a Go (RE2) regular expression, the dialect of conftest, to a JavaScript one. Returns undefined if it is
 * invalid or uses syntax with another meaning in JavaScript (`\z`, POSIX classes).
 */
export function re2Pattern(text: string): RegExp | undefined {
  if (/\(\?<?[=!]|\\[1-9k]/.test(text)) return undefined;
  const flags = /^\(\?([ims]+)\)/.exec(text);
  const source = text
    .slice(flags?.[0].length ?? 0)
    .replaceAll("(?P<", "(?<")
    // RE2 accepts a backslash before every punctuation character.
    .replace(/\\([!"#%&',\-:;<=>@_`~ ])/g, (_, mark: string) => `\\x${mark.charCodeAt(0).toString(16)}`);
  try {
    return new RegExp(source, `u${flags?.[1] ?? ""}`);
  } catch {
    return undefined;
  }
}
