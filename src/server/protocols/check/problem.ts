import { STATUS_CODES } from "node:http";
import type { Answer } from "../../protocol.ts";

/** Why there is no report. https://www.rfc-editor.org/rfc/rfc9457 */
export const problem = (
  id: string,
  status: number,
  detail: string,
  headers: { [name: string]: string } = {},
): Answer => ({
  status,
  headers: { "content-type": "application/problem+json", ...headers },
  body: `${JSON.stringify({
    type: "about:blank",
    title: STATUS_CODES[status],
    status,
    detail,
    instance: `urn:uuid:${id}`,
  })}\n`,
});
