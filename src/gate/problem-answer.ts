import { STATUS_CODES } from "node:http";
import type { Answer } from "./protocol.ts";

/** An error as RFC 9457 has it. `members`: what it says beside the usual. */
export const problemAnswer = (
  status: number,
  detail: string,
  headers: { [name: string]: string } = {},
  members: { type?: string; instance?: string } = {},
): Answer => ({
  status,
  headers: { "content-type": "application/problem+json", ...headers },
  body: `${JSON.stringify({ title: STATUS_CODES[status], status, detail, ...members })}\n`,
});
