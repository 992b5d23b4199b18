/** For HTML and XML, in text and in attributes. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Without halves of surrogate pairs, which no encoding has a place for. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, "\uFFFD");
