/** Returns a text that is quoted in a message, with `…` in place of the characters beyond a limit. */
export function truncated(text: string, limit = 60): string {
  if (text.length <= limit) return text;
  // The limit must not split a surrogate pair.
  const end = /[\uD800-\uDBFF]/.test(text[limit - 1] as string) ? limit - 1 : limit;
  return `${text.slice(0, end)}…`;
}
