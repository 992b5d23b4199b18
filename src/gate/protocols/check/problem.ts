import { problemAnswer } from "../../problem-answer.ts";
import type { Answer } from "../../protocol.ts";

/** Why there is no report: it names the request, which may be looked up in the log. */
export const problem = (
  id: string,
  status: number,
  detail: string,
  headers: { [name: string]: string } = {},
): Answer => problemAnswer(status, detail, headers, { type: "about:blank", instance: `urn:uuid:${id}` });
