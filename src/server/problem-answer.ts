import { STATUS_CODES } from "node:http";
import type { Answer } from "./protocol.ts";

/** An error as RFC 9457 has it. */
export const problemAnswer = (
  status: number,
  detail: string,
  headers: { [name: string]: string } = {},
): Answer => ({
  status,
  headers: { "content-type": "application/problem+json", ...headers },
  body: `${JSON.stringify({ title: STATUS_CODES[status], status, detail })}\n`,
});
