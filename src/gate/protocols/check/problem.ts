import { problemResponse } from "../../problem-details.ts";
import type { ProtocolResponse } from "../../protocol.ts";

/** Returns problem details whose `instance` is the ID of the request in the log. */
export const checkProblem = (
  id: string,
  status: number,
  detail: string,
  headers: { [name: string]: string } = {},
): ProtocolResponse =>
  problemResponse(status, detail, headers, { type: "about:blank", instance: `urn:uuid:${id}` });
