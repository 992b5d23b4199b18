import { STATUS_CODES } from "node:http";
import { encodeJson } from "../reporters/encode.ts";
import type { ProtocolResponse } from "./protocol.ts";

/** Returns an error as a problem details object (RFC 9457). `members` are optional members besides title and detail. */
export const problemResponse = (
  status: number,
  detail: string,
  headers: { [name: string]: string } = {},
  members: { type?: string; instance?: string } = {},
): ProtocolResponse => ({
  status,
  headers: { "content-type": "application/problem+json", ...headers },
  body: encodeJson({ title: STATUS_CODES[status], status, detail, ...members }),
});
