import { messageOf } from "../../core/model/message.ts";
import { readBytes } from "../../node/files.ts";

/**
 * Returns a function that reads the token in a file for each use, because tokens are rotated. Throws an Error if the file
 * cannot be used now.
 */
export function tokenReader(flag: string, path: string | undefined): { token?: () => string } {
  if (path === undefined) return {};
  readToken(flag, path);
  return { token: () => readToken(flag, path) };
}

/** Reads a bearer token. Throws an Error, which names the flag, if the file has no token that a header can carry. */
function readToken(flag: string, path: string): string {
  let text: string;
  try {
    text = Buffer.from(readBytes(path)).toString().trim();
  } catch (error) {
    throw new Error(`${flag}: ${messageOf(error)}`);
  }
  if (text === "") throw new Error(`${flag}: "${path}" is empty. Write the token to it`);
  // The token becomes part of a header.
  if (!/^[\x21-\x7e]+$/.test(text))
    throw new Error(`${flag}: "${path}" is not one token of printable ASCII characters without spaces`);
  return text;
}
