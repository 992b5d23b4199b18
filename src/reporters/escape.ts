import { visible } from "../core/model/escape.ts";

/** Escapes text for HTML and XML, also in attributes. */
const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Returns a string of the input as HTML or XML, with unsafe characters escaped. */
export const markupText = (text: string): string => escapeMarkup(visible(text));
