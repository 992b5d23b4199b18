/** Escapes text for HTML and XML, also in attributes. */
export const escapeMarkup = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Replaces unpaired surrogates, which no encoding can represent. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, "\uFFFD");
